/** @file Decodes RLE Lossless (PS3.5 annex G): one PackBits segment for each byte of a sample, the high bytes first. */

import { problem } from "./problem.js";
import { say } from "../language/say.js";

/** The most segments: the header has 16 words, the first of which is their number. */
const MOST_SEGMENTS = 15;

/**
 * Decodes a frame of `pixels` pixels, `samples` samples of `width` bytes each, to little-endian samples, interleaved.
 * @throws GradlensError "bad-picture"
 */
export function decodeRle(bytes: Uint8Array, pixels: number, samples: number, width: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const segments = samples * width;
  if (bytes.length < 64 || view.getUint32(0, true) !== segments || segments > MOST_SEGMENTS) {
    throw problem(say`has a damaged RLE header`);
  }
  // Two bytes decode to 128 at most, so a small file cannot allocate much memory.
  if (bytes.length * 64 < pixels * segments) throw problem(say`is cut off: its RLE pixels end early`);
  const out = new Uint8Array(pixels * segments);
  for (let s = 0; s < segments; s++) {
    const from = view.getUint32(4 + 4 * s, true);
    const to = s + 1 < segments ? view.getUint32(8 + 4 * s, true) : bytes.length;
    const sample = Math.floor(s / width);
    const place = width - 1 - (s % width);
    unpack(bytes.subarray(from, to), out, sample * width + place, segments, pixels);
  }
  return out;
}

/** Unpacks PackBits to `count` bytes, to every `step`th byte from `start` on. */
function unpack(packed: Uint8Array, out: Uint8Array, start: number, step: number, count: number): void {
  let made = 0;
  let at = 0;
  while (made < count) {
    const head = packed[at++];
    if (head === undefined) throw problem(say`is cut off: its RLE pixels end early`);
    if (head === 128) continue;
    const repeats = head > 128;
    const length = Math.min(repeats ? 257 - head : head + 1, count - made);
    if (at + (repeats ? 1 : length) > packed.length) throw problem(say`is cut off: its RLE pixels end early`);
    for (let i = 0; i < length; i++) out[start + step * made++] = packed[repeats ? at : at + i]!;
    at += repeats ? 1 : head + 1;
  }
}
