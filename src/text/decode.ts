/** @file Text of a file in UTF-8, UTF-16 or GB18030, with the name of an encoding that is not plain UTF-8. */

import { GradlensError } from "../errors.js";
import { phrase, say, translated } from "../language/say.js";

export interface Decoded {
  readonly text: string;
  /** For messages; undefined for UTF-8 without a byte order mark. */
  readonly encoding?: string;
}

/**
 * The text of a user's file.
 * @param what for the message, as "labels l.txt"
 * @throws GradlensError "bad-file" for other encodings
 */
export function decodeAnyText(bytes: Uint8Array, what: string): Decoded {
  const decoded = decodeText(bytes);
  if (decoded !== undefined) return decoded;
  throw new GradlensError(
    "bad-file",
    say`${what}: this is not text in UTF-8, UTF-16 or GB18030 (GBK); save it as UTF-8`,
  );
}

/** Byte order marks, and what follows them. */
const MARKS: readonly (readonly [mark: readonly number[], label: string, name: string])[] = [
  [[0xef, 0xbb, 0xbf], "utf-8", phrase`UTF-8 with a byte order mark`],
  [[0xff, 0xfe], "utf-16le", phrase`UTF-16 (little-endian)`],
  [[0xfe, 0xff], "utf-16be", phrase`UTF-16 (big-endian)`],
];

/** The least share of a text's two-byte characters that are GB2312's: other encodings that decode as GB18030 have fewer. */
const USUAL_SHARE = 0.8;
/** The least share of those that are symbols or among the 3755 commonest hanzi: Cyrillic encodings have fewer. */
const COMMON_SHARE = 0.75;

/**
 * By the byte order mark, else UTF-8, else UTF-16 by its zero bytes, else GB18030 (GBK is a part of it). Undefined for other bytes:
 * other encodings cannot be distinguished.
 */
function decodeText(bytes: Uint8Array): Decoded | undefined {
  const marked = MARKS.find(([mark]) => mark.every((byte, i) => bytes[i] === byte));
  if (marked !== undefined) return decoded(bytes, marked[1], translated(marked[2]));
  if (bytes.includes(0)) return withoutMark(bytes);
  const plain = decoded(bytes, "utf-8");
  if (plain !== undefined) return plain;
  return isChinese(bytes) ? decoded(bytes, "gb18030", "GB18030 (GBK)") : undefined;
}

/** The text of well-formed bytes without zeros; the byte order mark is left out. */
function decoded(bytes: Uint8Array, label: string, encoding?: string): Decoded | undefined {
  try {
    const text = new TextDecoder(label, { fatal: true }).decode(bytes);
    if (text.includes("\0")) return undefined;
    return { text, ...(encoding !== undefined && { encoding }) };
  } catch {
    return undefined;
  }
}

/** UTF-16 without a mark: line ends and Latin letters have a zero byte, all on the same side. */
function withoutMark(bytes: Uint8Array): Decoded | undefined {
  const zeros = [0, 1].map((side) => bytes.filter((byte, i) => byte === 0 && i % 2 === side).length);
  if (bytes.length % 2 === 1 || Math.min(...zeros) > 0) return undefined;
  const [, label, name] = MARKS[zeros[0] === 0 ? 1 : 2]!;
  return decoded(bytes, label, translated(name));
}

/**
 * Whether GB18030 is likely: nearly all two-byte characters lie where GB2312 has its hanzi and symbols (both bytes from A1 up), most
 * of them where the common ones are. Accented letters of Latin and Cyrillic encodings, Shift_JIS and Big5 lie elsewhere.
 */
function isChinese(bytes: Uint8Array): boolean {
  let [common, usual, all] = [0, 0, 0];
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i]! < 0x80) continue;
    all++;
    // Four-byte characters have a digit in the second place, and count as unusual.
    const first = bytes[i]!;
    const second = bytes[++i] ?? 0;
    if (second >= 0xa1 && second <= 0xfe && isLead(first)) {
      usual++;
      if (first <= LAST_COMMON) common++;
    } else if (second >= 0x30 && second <= 0x39) i += 2;
  }
  return usual >= USUAL_SHARE * all && common >= COMMON_SHARE * usual;
}

/** The last row of GB2312's commonest hanzi. */
const LAST_COMMON = 0xd7;

/** GB2312's rows of symbols (A1 to A9) and of hanzi (B0 to F7). */
const isLead = (byte: number): boolean => (byte >= 0xa1 && byte <= 0xa9) || (byte >= 0xb0 && byte <= 0xf7);
