/** @file Reads lookup tables (PS3.3 C.11.1.1, C.11.2.1.1, C.7.6.3.1.5): a descriptor of three numbers, and the entries. */

import type { DataSet, Element } from "dicom-parser";
import { bytesOf, elementOf, uint16Of, type Tag } from "./data-set.js";
import { expandSegments } from "./lut-segments.js";
import { problem } from "./problem.js";
import { say } from "../language/say.js";

export interface Lut {
  /** The stored value of the first entry. Values below use the first entry, values above the last. */
  readonly first: number;
  readonly entries: Uint16Array;
  /** Bits an entry. */
  readonly bits: number;
}

/**
 * @param signed whether stored values can be negative
 * @param segments the element with the entries, if they are segmented
 * @throws GradlensError "bad-picture" for an incomplete table
 */
export function readLut(data: DataSet, descriptor: Tag, values: Tag, signed: boolean, segments?: Tag): Lut {
  const [length, first, bits] = [0, 1, 2].map((i) => uint16Of(data, descriptor, i));
  const element = elementOf(data, values);
  const inSegments = segments && elementOf(data, segments);
  const holder = element ?? inSegments;
  if (length === undefined || first === undefined || bits === undefined || holder === undefined) {
    throw problem(say`has a lookup table without its entries or its descriptor`);
  }
  const count = length === 0 ? 2 ** 16 : length;
  if (bits < 1 || bits > 16) throw problem(say`has a lookup table of ${bits} bits`);
  const packed = bits <= 8 && (element === undefined || element.length < 2 * count);
  const words = packed ? bytesOf(data, holder) : wordsOf(data, holder);
  const entries = element === undefined ? expandSegments(words) : words;
  if (entries.length < count) throw problem(say`has a lookup table that is cut off`);
  return {
    first: signed ? (first << 16) >> 16 : first,
    entries: Uint16Array.from(entries).subarray(0, count),
    bits,
  };
}

/** An element's 16-bit words, in the file's byte order. */
function wordsOf(data: DataSet, { dataOffset, length }: Element): Uint16Array {
  const words = new Uint16Array(length >> 1);
  for (let i = 0; i < words.length; i++) {
    words[i] = data.byteArrayParser.readUint16(data.byteArray, dataOffset + 2 * i);
  }
  return words;
}

export function lookUp({ first, entries }: Lut, value: number): number {
  return entries[Math.min(Math.max(Math.round(value) - first, 0), entries.length - 1)]!;
}
