/** @file The picture type of the core, and conversions between its colour formats. */

import { badArgument, badPicture } from "../errors.js";
import { say } from "../language/say.js";

/**
 * A picture as a value: rows from the top, pixels from the left, channels interleaved (RGB order, or one grey).
 * 8-bit samples are 0..255; float samples, for formats of more than 8 bits, are 0..1.
 */
export interface Picture extends Size {
  readonly data: Uint8Array | Float32Array;
  readonly channels: 1 | 3;
}

/** A picture with an alpha channel, which is left out: RGBA of 8 bits, as a browser's ImageData. */
export interface RgbaPicture extends Size {
  readonly data: Uint8Array | Uint8ClampedArray;
  /** ImageData has none. */
  readonly channels?: 4;
}

/** What is read as a picture. */
export type PictureLike = Picture | RgbaPicture;

const isRgba = (picture: PictureLike): picture is RgbaPicture =>
  picture.channels === undefined || picture.channels === 4;

/**
 * A picture without its alpha channel, as OpenCV reads colours; any other unchanged.
 * @throws GradlensError "bad-picture" where width, height and the number of samples disagree
 */
export function withoutAlpha(picture: PictureLike): Picture {
  if (!isRgba(picture)) return picture;
  const { data, width, height } = picture;
  const pixels = width * height;
  const isBytes = data instanceof Uint8Array || data instanceof Uint8ClampedArray;
  if (!isSide(width) || !isSide(height) || !isBytes || data.length !== 4 * pixels) {
    throw badPicture(
      say`a picture without "channels", or of 4, needs ${width}x${height}x4 bytes of RGBA, as ImageData: give "channels" 3 or 1 for others`,
    );
  }
  const rgb = new Uint8Array(3 * pixels);
  for (let i = 0; i < pixels; i++) for (let c = 0; c < 3; c++) rgb[3 * i + c] = data[4 * i + c]!;
  return { data: rgb, width, height, channels: 3 };
}

/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The size scaled down, in whole pixels, so that its longer side is at most `side`. */
export function fittedSize({ width, height }: Size, side: number): Size {
  const scale = Math.min(1, side / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** The size of a [height, width, ...] shape. */
export function sizeOf([height, width]: readonly [number, number, ...number[]]): Size {
  return { height, width };
}

/** OpenCV's RGB2GRAY weights for 8-bit samples, in 1/32768 (0.299, 0.587, 0.114; they sum to exactly 1). */
const LUMA = { red: 9798, green: 19235, blue: 3735, shift: 15 } as const;

/**
 * @throws GradlensError "bad-picture" unless width, height, channels and the number of samples agree
 */
export function checkPicture(picture: Picture): void {
  const { data, width, height, channels } = picture;
  if (!isSide(width) || !isSide(height)) {
    throw badPicture(
      say`a picture of ${width}x${height} pixels: width and height must be whole numbers from 1 up`,
    );
  }
  if ((channels as number) !== 1 && (channels as number) !== 3) {
    throw badPicture(say`a picture of ${String(channels)} channels: give 3 (RGB) or 1 (grey)`);
  }
  if (!(data instanceof Uint8Array) && !(data instanceof Float32Array)) {
    throw badPicture(say`a picture's data must be a Uint8Array (0..255) or a Float32Array (0..1)`);
  }
  const samples = width * height * channels;
  if (data.length !== samples) {
    throw badPicture(
      say`a picture of ${width}x${height} pixels, ${channels} channels, needs ${samples} samples, not ${data.length}`,
    );
  }
}

/** @throws GradlensError "bad-argument" unless both sides are whole numbers from 1 up */
export function checkSize({ width, height }: Size): void {
  if (!isSide(width) || !isSide(height)) {
    throw badArgument(
      say`a size of ${width}x${height} pixels: width and height must be whole numbers from 1 up`,
    );
  }
}

/** One grey channel: OpenCV's RGB2GRAY, (9798 R + 19235 G + 3735 B + 16384) >> 15; floats by the same weights. */
export function toGrey(picture: Picture): Picture {
  if (picture.channels === 1) return picture;
  const { data, width, height } = picture;
  const eightBit = data instanceof Uint8Array;
  const grey = samplesLike(data, width * height);
  const { red, green, blue, shift } = LUMA;
  const unit = 1 << shift;
  for (let i = 0, j = 0; i < grey.length; i++, j += 3) {
    const sum = red * data[j]! + green * data[j + 1]! + blue * data[j + 2]!;
    grey[i] = eightBit ? (sum + unit / 2) >> shift : sum / unit;
  }
  return { data: grey, width, height, channels: 1 };
}

/** Three equal channels from a grey picture. Returns an RGB picture unchanged. */
export function toRgb(picture: Picture): Picture {
  if (picture.channels === 3) return picture;
  const { data, width, height } = picture;
  const rgb = samplesLike(data, data.length * 3);
  for (let i = 0, j = 0; i < data.length; i++, j += 3) rgb.fill(data[i]!, j, j + 3);
  return { data: rgb, width, height, channels: 3 };
}

/** Zeros, in the type of other samples. */
export function samplesLike(data: Picture["data"], length: number): Picture["data"] {
  return data instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
}

function isSide(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}
