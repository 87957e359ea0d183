/** @file The pixels of a figure's pictures and colour bars, resized and encoded. */

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
  const bytes = bytesOf(toRgb(picture));
  if (width === to.width && height === to.height) return { data: bytes, width, height };
  const { default: sharp } = await import("sharp");
  const raw = { width, height, channels: 3 } as const;
  const whole = {
    width: Math.max(1, Math.ceil(to.width / width)) * width,
    height: Math.max(1, Math.ceil(to.height / height)) * height,
  };
  const enlarged =
    whole.width === width && whole.height === height
      ? bytes
      : await sharp(bytes, { raw, limitInputPixels: false })
          .resize({ ...whole, fit: "fill", kernel: "nearest" })
          .raw()
          .toBuffer();
  if (whole.width === to.width && whole.height === to.height) return { data: enlarged, ...to };
  const { width: w, height: h } = to;
  const reduced = await sharp(enlarged, { raw: { ...whole, channels: 3 }, limitInputPixels: false })
    .resize({ width: w, height: h, fit: "fill", kernel: "lanczos3" })
    .raw()
    .toBuffer();
  return { data: reduced, ...to };
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
export async function encodeRgb({ data, width, height }: Pixels): Promise<Uint8Array> {
  const { default: sharp } = await import("sharp");
  return sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .png({ compressionLevel: 9, adaptiveFiltering: true })
    .toBuffer();
}
