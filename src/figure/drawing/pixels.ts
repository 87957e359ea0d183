/** @file The pixels of a figure's pictures and colour bars, resized and encoded. */

import type { Sharp } from "sharp";
import { colormapTable, type ColormapName } from "../../image/colormaps.js";
import { toRgb, type Picture, type Size } from "../../image/picture.js";
import { bytesOf } from "../../image/quantise.js";

/** 8-bit RGB samples. */
export interface Pixels extends Size {
  readonly data: Uint8Array;
}

/**
 * A picture at a size. Larger pictures are averaged; smaller ones get square pixels, because nothing is known between them. Where
 * a square is no whole number of pixels, those at its edges are mixed.
 */
export async function resized(picture: Picture, to: Size): Promise<Pixels> {
  const { width, height } = picture;
  const whole = {
    width: Math.ceil(to.width / width) * width,
    height: Math.ceil(to.height / height) * height,
  };
  const enlarged = await stretched({ data: bytesOf(toRgb(picture)), width, height }, whole, "nearest");
  return stretched(enlarged, to, "lanczos3");
}

async function stretched(
  pixels: Pixels,
  { width, height }: Size,
  kernel: "nearest" | "lanczos3",
): Promise<Pixels> {
  if (pixels.width === width && pixels.height === height) return pixels;
  const image = (await sharpOf(pixels)).resize({ width, height, fit: "fill", kernel });
  return { data: await image.raw().toBuffer(), width, height };
}

export async function sharpOf({ data, width, height }: Pixels): Promise<Sharp> {
  const { default: sharp } = await import("sharp");
  return sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false });
}

/** A colormap from 0 on the left to 1 on the right. */
export function barOf({ width, height }: Size, colormap: ColormapName): Pixels {
  const table = colormapTable(colormap);
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const entry = 3 * Math.round(((i % width) / Math.max(width - 1, 1)) * 255);
    data.set(table.subarray(entry, entry + 3), 3 * i);
  }
  return { data, width, height };
}

/** Every colour of a colormap once. */
export const COLORS: Size = { width: 256, height: 1 };

/** RGB as a PNG without further facts. */
export async function encodeRgb(pixels: Pixels): Promise<Uint8Array> {
  return (await sharpOf(pixels)).png({ compressionLevel: 9, adaptiveFiltering: true }).toBuffer();
}
