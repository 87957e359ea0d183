/** @file Decodes a frame's bytes to its stored values, interleaved. */

import type { ImageFacts } from "./image-facts.js";

/** Stored values, pixel by pixel with their samples interleaved. */
export type StoredValues = Int32Array | Float64Array;

/** Fills `out` with the result for each index. A typed array's own `from` needs many times the memory and time. */
export function mapInto<T extends Uint8Array | Float32Array>(
  out: T,
  values: StoredValues,
  result: (value: number) => number,
): T {
  for (let i = 0; i < out.length; i++) out[i] = result(values[i]!);
  return out;
}

/** Reads `count` words; YBR_FULL_422 keeps two a pixel. */
export function wordsOf(bytes: Uint8Array, bit: number, count: number, facts: ImageFacts): StoredValues {
  const { bitsAllocated, float, bigEndian, signed } = facts;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const little = !bigEndian;
  if (float) {
    const values = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      values[i] = bitsAllocated === 32 ? view.getFloat32(i * 4, little) : view.getFloat64(i * 8, little);
    }
    return values;
  }
  if (bitsAllocated === 32 && !signed) {
    const values = new Float64Array(count);
    for (let i = 0; i < count; i++) values[i] = view.getUint32(i * 4, little);
    return storedBits(values, facts);
  }
  const words = new Int32Array(count);
  if (bitsAllocated === 1) {
    for (let i = 0; i < count; i++) words[i] = (bytes[(i + bit) >> 3]! >> ((i + bit) & 7)) & 1;
    return words;
  }
  if (bitsAllocated === 8) words.set(bytes.subarray(0, count));
  else if (bitsAllocated === 16) for (let i = 0; i < count; i++) words[i] = view.getUint16(i * 2, little);
  else for (let i = 0; i < count; i++) words[i] = view.getInt32(i * 4, little);
  return storedBits(words, facts);
}

/** Masks the bits of each sample and extends its sign. In place. */
export function storedBits<T extends StoredValues>(words: T, { bitsStored, shift, signed }: ImageFacts): T {
  if (words instanceof Float64Array) {
    if (bitsStored < 32) {
      const range = 2 ** bitsStored;
      for (let i = 0; i < words.length; i++) words[i] = Math.floor(words[i]! / 2 ** shift) % range;
    }
    return words;
  }
  const unused = 32 - bitsStored;
  const above = unused - shift;
  for (let i = 0; i < words.length; i++) {
    const top = words[i]! << above;
    words[i] = signed ? top >> unused : top >>> unused;
  }
  return words;
}

type Samples = StoredValues | Uint8Array | Int8Array | Uint16Array | Int16Array;

/** Interleaves samples that are stored plane by plane. */
export function interleaved<T extends Samples>(planes: T, samples: number): T {
  const pixels = planes.length / samples;
  const out = planes.slice() as T;
  for (let s = 0; s < samples; s++)
    for (let i = 0; i < pixels; i++) out[i * samples + s] = planes[s * pixels + i]!;
  return out;
}
