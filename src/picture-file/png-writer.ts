/** @file Writes PNG files, grey or RGB, of 8 or 16 bits. The same pixels as node/write-picture, other packing. */

import { encode } from "fast-png";
import type { Picture, Size } from "../image/picture.js";
import { checkMap } from "../image/resize.js";

/** Deflate's level: more takes much longer and gains a few percent. */
const PACKING = { zlib: { level: 6 } } as const;

/** An 8-bit PNG; float samples (0..1) are rounded. */
export function encodePng({ data, width, height, channels }: Picture): Uint8Array {
  const bytes = data instanceof Uint8Array ? data : Uint8Array.from(data, (value) => quantised(value, 255));
  return encode({ data: bytes, width, height, channels, depth: 8 }, PACKING);
}

/**
 * A map of 0..1 as a grey PNG: 0 is black, 1 is white, rounded to 8 or 16 bits.
 * @throws GradlensError "bad-argument" for a map that does not fit its size
 */
export function encodeHeatPng(map: Float32Array, size: Size, bits: 8 | 16): Uint8Array {
  checkMap(map, size);
  const samples = new (bits === 8 ? Uint8Array : Uint16Array)(map.length);
  for (let i = 0; i < map.length; i++) samples[i] = quantised(map[i]!, 2 ** bits - 1);
  const { width, height } = size;
  return encode({ data: samples, width, height, channels: 1, depth: bits }, PACKING);
}

const quantised = (value: number, white: number): number =>
  Math.round(Math.min(Math.max(value, 0), 1) * white);
