/** @file The elements of a DICOM file (PS3.5 chapter 7): nested ones of open length and fragments one after the other. */

import { deflateRawSync, inflateRawSync } from "node:zlib";
import { TAGS } from "../../src/dicom/data-set.js";
import { PHOTOMETRICS } from "../../src/dicom/image-facts.js";
import { joined } from "../checkpoint/safetensors-file.js";
import { JPEG } from "./jpeg-format.js";
import { withOtherNumber } from "./mutate-bytes.js";
import { mutateParts, type Format, type Part } from "./parts.js";
import { oneOf, type Random } from "./random.js";

interface Coding {
  readonly explicit: boolean;
  readonly big: boolean;
  readonly deflated: boolean;
}

/** `kind` is the tag as eight hexadecimal digits; "" what comes before the first element. */
interface Element extends Part {
  readonly vr: string;
  /** Its length is said to be unknown, and what it holds follows as elements of their own. */
  readonly open: boolean;
  /** A length that is not its own. */
  readonly claimed?: number;
  readonly coding: Coding;
}

const META: Coding = { explicit: true, big: false, deflated: false };
const UIDS = [
  ...[
    "",
    ".1",
    ".1.99",
    ".2",
    ".5",
    ".4.50",
    ".4.51",
    ".4.57",
    ".4.70",
    ".4.80",
    ".4.81",
    ".4.90",
    ".4.91",
    ".4.201",
  ],
  ...[".4.100", ".4.110", ".8.1", ".4.53", ".99"],
].map((end) => `1.2.840.10008.1.2${end}`);
const VRS = [
  "US",
  "SS",
  "UL",
  "DS",
  "IS",
  "CS",
  "LO",
  "UI",
  "OB",
  "OW",
  "OF",
  "OD",
  "SQ",
  "UN",
  "AT",
  "FD",
  "OV",
  "ZZ",
];
const LONG = new Set(["OB", "OW", "OF", "OD", "OL", "OV", "SQ", "UN", "UT", "UC", "UR", "SV", "UV"]);
const KINDS = [
  ...Object.values(TAGS).map((tag) => tag.slice(1)),
  "fffee000",
  "fffee00d",
  "fffee0dd",
  "7fe00002",
];
const OPEN = 2 ** 32 - 1;

export const DICOM: Format<Element> = {
  split(bytes) {
    const hasMark = String.fromCharCode(...bytes.subarray(128, 132)) === "DICM";
    const start = hasMark ? 132 : 0;
    const head: Element = { kind: "", body: bytes.subarray(0, start), vr: "", open: false, coding: META };
    const meta = elementsOf(bytes, start, META, "0002");
    const parts = [head, ...meta.parts];
    if (meta.at >= bytes.length) return parts;
    const coding = codingOf(bytes, meta.parts, meta.at);
    try {
      const rest = coding.deflated ? inflateRawSync(bytes.subarray(meta.at)) : bytes.subarray(meta.at);
      return [...parts, ...elementsOf(rest, 0, coding, "").parts];
    } catch {
      return [...parts, { ...head, body: bytes.subarray(meta.at) }];
    }
  },
  join(parts) {
    const plain = parts.filter(({ coding }) => !coding.deflated).map(bytesOf);
    const deflated = parts.filter(({ coding }) => coding.deflated).map(bytesOf);
    if (deflated.length === 0) return joined(...plain);
    return joined(...plain, deflateRawSync(joined(...deflated), { level: 1 }));
  },
  change,
};

/** The rest's coding: as the meta group says, or as the bytes look. */
function codingOf(bytes: Uint8Array, meta: readonly Element[], at: number): Coding {
  const said = meta.find(({ kind }) => kind === "00020010");
  const uid = said && Buffer.from(said.body).toString("latin1").replace(/\0+$/, "");
  const looksExplicit = /^[A-Z]{2}$/.test(String.fromCharCode(...bytes.subarray(at + 4, at + 6)));
  return {
    explicit: uid === undefined ? looksExplicit : uid !== UIDS[0],
    big: uid === UIDS[3],
    deflated: uid === UIDS[2],
  };
}

/** Elements from `at` on whose tags begin with `group`. */
function elementsOf(
  bytes: Uint8Array,
  at: number,
  coding: Coding,
  group: string,
): { parts: Element[]; at: number } {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const u16 = (from: number): number => (coding.big ? view.readUInt16BE(from) : view.readUInt16LE(from));
  const u32 = (from: number): number => (coding.big ? view.readUInt32BE(from) : view.readUInt32LE(from));
  const parts: Element[] = [];
  while (at + 8 <= bytes.length) {
    const kind = [u16(at), u16(at + 2)].map((half) => half.toString(16).padStart(4, "0")).join("");
    if (!kind.startsWith(group)) break;
    const bare = !coding.explicit || kind.startsWith("fffe");
    const vr = bare ? "" : view.toString("latin1", at + 4, at + 6);
    const long = LONG.has(vr);
    if (long && at + 12 > bytes.length) break;
    const length = bare ? u32(at + 4) : long ? u32(at + 8) : u16(at + 6);
    const from = at + (long ? 12 : 8);
    const open = length === OPEN;
    at = open ? from : Math.min(from + length, bytes.length);
    parts.push({ kind, body: bytes.subarray(from, at), vr, open, coding });
  }
  return { parts, at };
}

function bytesOf({ kind, body, vr, open, claimed, coding }: Element): Uint8Array {
  if (kind === "") return body;
  const { big } = coding;
  const bare = !coding.explicit || kind.startsWith("fffe");
  const long = LONG.has(vr);
  const head = Buffer.alloc(!bare && long ? 12 : 8);
  const u16 = (value: number, at: number): unknown =>
    big ? head.writeUInt16BE(value, at) : head.writeUInt16LE(value, at);
  const u32 = (value: number, at: number): unknown =>
    big ? head.writeUInt32BE(value, at) : head.writeUInt32LE(value, at);
  u16(Number.parseInt(kind.slice(0, 4), 16), 0);
  u16(Number.parseInt(kind.slice(4), 16), 2);
  const length = claimed ?? (open ? OPEN : body.length);
  if (bare) u32(length, 4);
  else {
    head.write(vr, 4, "latin1");
    if (long) u32(length, 8);
    else u16(length & 0xffff, 6);
  }
  return joined(head, body);
}

const TEXTS = [
  "0",
  "1",
  "-1",
  "2",
  "3",
  "1\\2",
  "",
  "1e999",
  "-1e308",
  "1e308",
  "1e-320",
  "NaN",
  "0x10",
  "99999999999",
  "1.5",
];
const NUMBERS = [
  0, 1, 2, 3, 7, 8, 9, 12, 15, 16, 17, 31, 32, 33, 46, 64, 255, 256, 1000, 32767, 32768, 65535,
];

/** Another value of its kind, tag, representation or length. */
function change(part: Element, random: Random): Element {
  const choice = random(12);
  if (choice === 0) return { ...part, kind: oneOf(KINDS, random) };
  if (choice === 1) return { ...part, vr: oneOf(VRS, random) };
  if (choice === 2) return { ...part, open: !part.open };
  if (choice === 3) {
    const { length } = part.body;
    return {
      ...part,
      claimed: oneOf([0, 1, length + 1, length + 2, 2 * length, length >> 1, 2 ** 31, OPEN], random),
    };
  }
  return { ...part, body: otherValue(part, random) };
}

function otherValue({ kind, body, vr, coding }: Element, random: Random): Uint8Array {
  const text = (one: string): Uint8Array => Buffer.from(one.length % 2 === 0 ? one : `${one} `, "latin1");
  if (kind === "00020010") return text(oneOf(UIDS, random));
  if (kind === "00280004") return text(oneOf(PHOTOMETRICS, random));
  if (kind === "00281056") return text(oneOf(["LINEAR", "LINEAR_EXACT", "SIGMOID", "x"], random));
  if (vr === "DS" || vr === "IS" || /^0028(0008|105[0123])$/.test(kind)) return text(oneOf(TEXTS, random));
  if (kind === "fffee000") return mutateParts(JPEG, body, body, random) ?? withOtherNumber(body, random);
  if (body.length >= 2 && body.length <= 6) {
    const result = Buffer.from(body);
    const at = 2 * random(body.length >> 1);
    const value = oneOf(NUMBERS, random);
    if (coding.big) result.writeUInt16BE(value, at);
    else result.writeUInt16LE(value, at);
    return result;
  }
  return withOtherNumber(body, random);
}
