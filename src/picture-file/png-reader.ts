/**
 * @file Reads PNG files to their own samples of 8 or 16 bits, which a browser's canvas would change: it keeps 8 bits, and multiplies
 * colours by their alpha.
 */

import { convertIndexedToRgb, decode, type DecodedPng } from "fast-png";
import { GradlensError } from "../errors.js";
import { say } from "../language/say.js";

/** Samples as stored, without alpha; palettes and grey of 1, 2 and 4 bits as RGB of 8 bits. */
export interface PngSamples {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array | Uint16Array;
}

/** Signature, and the header's length and kind. */
const SIZE_AT = 16;

/** Interlaced with less than 8 bits a sample: fast-png 8.0.0 refuses these. */
export const isInterlacedAndSmall = (bytes: Uint8Array): boolean => bytes[24]! < 8 && bytes[28] === 1;

/**
 * @param check refuses a size before its pixels are unpacked
 * @throws GradlensError "bad-picture"
 */
export function readPng(
  bytes: Uint8Array,
  name: string,
  check: (size: { readonly width: number; readonly height: number }) => void,
): PngSamples {
  const problem = (what: string, cause?: unknown): GradlensError =>
    new GradlensError("bad-picture", say`${name}: this PNG cannot be decoded (${what}); save it again`, {
      cause,
    });
  if (bytes.length < SIZE_AT + 8) throw problem(say`it is cut off`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  check({ width: view.getUint32(SIZE_AT), height: view.getUint32(SIZE_AT + 4) });
  try {
    return samplesOf(decode(bytes, { checkCrc: true }));
  } catch (error) {
    throw problem(say`it is cut off or damaged`, error);
  }
}

function samplesOf(png: DecodedPng): PngSamples {
  const { width, height, depth, channels, palette } = png;
  const size = { width, height };
  if (palette) {
    const colors = palette.map((entry) => entry.slice(0, 3));
    return { ...size, channels: 3, data: convertIndexedToRgb({ ...png, palette: colors }) };
  }
  if (depth < 8) {
    const white = 2 ** depth - 1;
    const greys = Array.from({ length: white + 1 }, (_, i) => new Array<number>(3).fill((255 * i) / white));
    return { ...size, channels: 3, data: convertIndexedToRgb({ ...png, palette: greys }) };
  }
  const data = png.data instanceof Uint16Array ? png.data : new Uint8Array(png.data);
  const kept = channels < 3 ? 1 : 3;
  return { ...size, channels: kept, data: withoutAlpha(data, channels, kept) };
}

function withoutAlpha(
  samples: Uint8Array | Uint16Array,
  per: number,
  kept: number,
): Uint8Array | Uint16Array {
  if (per === kept) return samples;
  const pixels = samples.length / per;
  const data =
    samples instanceof Uint16Array ? new Uint16Array(pixels * kept) : new Uint8Array(pixels * kept);
  for (let p = 0; p < pixels; p++) for (let c = 0; c < kept; c++) data[p * kept + c] = samples[p * per + c]!;
  return data;
}
