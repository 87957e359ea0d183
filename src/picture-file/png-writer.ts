/** @file Writes PNG files, grey or RGB, of 8 or 16 bits. The same pixels as node/write-picture, other packing. */

import { encode } from "fast-png";
import type { Picture, Size } from "../image/picture.js";
import { bytesOf, quantised } from "../image/quantise.js";
import { checkMap } from "../image/resize.js";

/** Deflate's level: more takes much longer and gains a few percent. */
const PACKING = { zlib: { level: 6 } } as const;

/** An 8-bit PNG; float samples (0..1) are rounded. */
export function encodePng(picture: Picture): Uint8Array {
  const { width, height, channels } = picture;
  return encode({ data: bytesOf(picture), width, height, channels, depth: 8 }, PACKING);
}

/**
 * A map of 0..1 as a grey PNG: 0 is black, 1 is white, rounded to 8 or 16 bits.
 * @throws GradlensError "bad-argument" for a map that does not fit its size
 */
export function encodeHeatPng(map: Float32Array, size: Size, bits: 8 | 16): Uint8Array {
  checkMap(map, size);
  const { width, height } = size;
  return encode({ data: quantised(map, bits), width, height, channels: 1, depth: bits }, PACKING);
}
