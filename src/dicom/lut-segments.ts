/** @file Expands segmented lookup tables (PS3.3 C.7.9.2): discrete, linear and indirect segments. */

import { problem } from "./problem.js";
import { say } from "../language/say.js";

const DISCRETE = 0;
const LINEAR = 1;
const INDIRECT = 2;

/** More entries than any table has; endless indirect segments are refused here. */
const MOST_ENTRIES = 2 ** 16;

/**
 * The table's entries. @param words as wide as the entries
 * @throws GradlensError "bad-picture" for invalid segments
 */
export function expandSegments(words: Uint8Array | Uint16Array): number[] {
  const entries: number[] = [];
  expand(words, 0, Infinity, entries, true);
  return entries;
}

/** Appends up to `count` segments from the word at `from` on. */
function expand(
  words: Uint8Array | Uint16Array,
  from: number,
  count: number,
  entries: number[],
  indirect: boolean,
): void {
  let at = from;
  // A padding byte may stand at the end.
  for (let segment = 0; segment < count && at + 1 < words.length; segment++) {
    const [kind, length] = [words[at]!, words[at + 1]!];
    at += 2;
    const before = entries.at(-1);
    const used = kind === DISCRETE ? length : kind === LINEAR ? 1 : offsetWords(words);
    if (at + used > words.length || entries.length + length > MOST_ENTRIES) throw senseless();
    if (kind === DISCRETE) for (let i = 0; i < length; i++) entries.push(words[at + i]!);
    else if (kind === LINEAR && before !== undefined) {
      const step = (words[at]! - before) / length;
      for (let i = 1; i <= length; i++) entries.push(Math.round(before + i * step));
    } else if (kind === INDIRECT && indirect) expand(words, target(words, at), length, entries, false);
    else throw senseless();
    at += used;
  }
}

/** The number of words in a 32-bit offset. */
const offsetWords = (words: Uint8Array | Uint16Array): number => 4 / words.BYTES_PER_ELEMENT;

/** C.7.9.2.3: an offset in bytes from the first segment, its low word first. */
function target(words: Uint8Array | Uint16Array, at: number): number {
  const width = words.BYTES_PER_ELEMENT;
  let bytes = 0;
  for (let i = 0; i < offsetWords(words); i++) bytes += words[at + i]! * 2 ** (8 * width * i);
  return bytes / width;
}

function senseless(): Error {
  return problem(say`has a palette with invalid segments: save it as RGB`);
}
