/** @file A TIFF as stretches: each entry of its first directory is one, and what lies between. */

import { joined } from "../checkpoint/safetensors-file.js";
import type { Format, Part } from "./parts.js";
import { oneOf, type Random } from "./random.js";

/** Stretches that are no entry of a directory. */
const PLAIN = "";

export const TIFF: Format = {
  split(bytes) {
    const order = String.fromCharCode(...bytes.subarray(0, 2));
    if (order !== "II" && order !== "MM") return undefined;
    const cuts = cutsOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), order === "II");
    const all = [0, ...cuts, bytes.length];
    return all.slice(1).flatMap((end, i): Part[] => {
      const body = bytes.subarray(all[i], end);
      const isEntry = i > 0 && i < all.length - 2;
      return body.length > 0 ? [{ kind: isEntry ? order : PLAIN, body }] : [];
    });
  },
  join: (parts) => joined(...parts.map(({ body }) => body)),
  change: (part, random) => (part.kind === PLAIN ? part : { ...part, body: otherEntry(part, random) }),
};

/** Where entries begin, and the end of the last one. */
function cutsOf(bytes: Buffer, little: boolean): number[] {
  try {
    const u16 = (at: number): number => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
    const u32 = (at: number): number => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
    // Offsets of a small BigTIFF are in the low half of their 8 bytes.
    const big = u16(2) === 43;
    const directory = u32(big ? (little ? 8 : 12) : 4);
    const [head, entry] = big ? [8, 20] : [2, 12];
    const count = u16(directory + (big && !little ? 6 : 0));
    const cuts = Array.from({ length: Math.min(count, 100) + 1 }, (_, i) => directory + head + i * entry);
    return cuts.filter((cut) => cut < bytes.length);
  } catch {
    return [];
  }
}

const TAGS = [
  254, 256, 257, 258, 259, 262, 266, 273, 274, 277, 278, 279, 284, 292, 317, 320, 322, 323, 324, 325, 330,
  338, 339, 347, 529, 530, 531, 532, 700, 34675,
];
const VALUES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 16, 32, 64, 255, 1000, 32773, 32946, 34676, 65535];

/** Another tag, type, count or value: of a classic TIFF at 0, 2, 4 and 8. */
function otherEntry({ kind, body }: Part, random: Random): Uint8Array {
  if (body.length < 12) return body;
  const result = Buffer.from(body);
  const write = (value: number, at: number, size: 2 | 4): unknown =>
    kind === "II" ? result.writeUIntLE(value, at, size) : result.writeUIntBE(value, at, size);
  const field = random(8);
  if (field === 0) write(oneOf(TAGS, random), 0, 2);
  else if (field === 1) write(random(20), 2, 2);
  else if (field === 2) write(oneOf([0, 1, 2, 3, 5, 1000, 2 ** 16, 2 ** 31, 2 ** 32 - 1], random), 4, 4);
  else if (field === 3) write(oneOf([0, 1, 8, 1000, 2 ** 31, 2 ** 32 - 1], random), 8, 4);
  else write(oneOf(VALUES, random), 8, 2);
  return result;
}
