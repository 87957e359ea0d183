/** @file Lookup tables (PS3.3 C.11.1.1, C.11.2.1.1, C.7.6.3.1.5): a descriptor of three numbers, and the entries. */

import type { DataSet } from "dicom-parser";
import { bytesOf, elementOf, uint16Of, type Tag } from "./data-set.js";
import { problem } from "./problem.js";

export interface Lut {
  /** The stored value of the first entry; what lies below has it too, what lies above the last one has that. */
  readonly first: number;
  readonly entries: Uint16Array;
  /** Bits an entry. */
  readonly bits: number;
}

/** `signed`: whether values looked up can be negative. Throws `bad-picture` for a table that is not all there. */
export function readLut(data: DataSet, descriptor: Tag, values: Tag, signed: boolean): Lut {
  const [length, first, bits] = [0, 1, 2].map((i) => uint16Of(data, descriptor, i));
  const element = elementOf(data, values);
  if (length === undefined || first === undefined || bits === undefined || element === undefined) {
    throw problem("has a lookup table without its entries or its descriptor");
  }
  const count = length === 0 ? 2 ** 16 : length;
  if (bits < 1 || bits > 16) throw problem(`has a lookup table of ${bits} bits`);
  const bytes = bytesOf(data, element);
  const packed = bits <= 8 && bytes.length < 2 * count;
  if (bytes.length < (packed ? count : 2 * count)) throw problem("has a lookup table that is cut off");
  const entries = new Uint16Array(count);
  const words = data.byteArrayParser;
  for (let i = 0; i < count; i++) {
    entries[i] = packed ? bytes[i]! : words.readUint16(data.byteArray, element.dataOffset + 2 * i);
  }
  return { first: signed ? (first << 16) >> 16 : first, entries, bits };
}

export function lookUp({ first, entries }: Lut, value: number): number {
  return entries[Math.min(Math.max(Math.round(value) - first, 0), entries.length - 1)]!;
}
