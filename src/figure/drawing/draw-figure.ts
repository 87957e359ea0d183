/** @file Draws a figure of pictures, boxes and text as a PNG. */

import { colormapTable, type ColormapName } from "../../image/colormaps.js";
import type { PlacedColorBar, PlacedText, Rect } from "../layout/grid-layout.js";
import { toRgb, type Picture, type Size } from "../../image/picture.js";
import { toBytes } from "../../node/write-picture.js";
import { figureLetters } from "./letters.js";

export interface Figure extends Size {
  /** Loaded one after the other, because pictures may be huge. */
  readonly pictures: readonly { readonly at: Rect; readonly picture: () => Promise<Picture> }[];
  /** Empty boxes in place of pictures. */
  readonly boxes: readonly Rect[];
  readonly texts: readonly PlacedText[];
  readonly colorBars?: readonly PlacedColorBar[];
  /** The resolution stated in the file, in pixels per inch. */
  readonly density?: number;
}

const BOX = [0xf0, 0xf1, 0xf3] as const;

/** In the EXIF of every figure, so that a later run knows which files it may replace. */
const MADE_BY = "gradlens";

/** Draws a figure on white. */
export async function drawFigure(figure: Figure): Promise<Uint8Array> {
  const { width, height, pictures, boxes, texts, colorBars = [], density = 96 } = figure;
  const { default: sharp } = await import("sharp");
  const page = { data: new Uint8Array(width * height * 3).fill(255), width, height, channels: 3 } as const;
  for (const box of boxes) fillBox(page, box);
  for (const { at, picture } of pictures) put(page, at, await resized(toRgb(await picture()), at));
  for (const { at, colormap } of colorBars) put(page, at, barOf(at, colormap));
  const letters = figureLetters();
  const size = `width="${width}" height="${height}"`;
  const lines = await Promise.all(texts.map((text) => letters.svg(text)));
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${lines.join("")}</svg>`;
  return sharp(page.data, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .composite([{ input: Buffer.from(svg), unlimited: true }])
    .removeAlpha()
    .withExif({ IFD0: { Software: MADE_BY } })
    .withMetadata({ density })
    .png({ compressionLevel: 6, adaptiveFiltering: true })
    .toBuffer();
}

/** True for the bytes of a figure by `drawFigure`. */
export async function isFigure(bytes: Uint8Array): Promise<boolean> {
  const { default: sharp } = await import("sharp");
  const metadata = await sharp(bytes)
    .metadata()
    .catch(() => undefined);
  return metadata?.exif?.includes(MADE_BY) ?? false;
}

/** Larger pictures are averaged; smaller ones get square pixels, because nothing is known between them. */
async function resized({ data, width, height }: Picture, to: Size): Promise<Uint8Array> {
  if (width === to.width && height === to.height && data instanceof Uint8Array) return data;
  const { default: sharp } = await import("sharp");
  const bytes = data instanceof Uint8Array ? data : toBytes(data);
  const kernel = to.width > width ? "nearest" : "lanczos3";
  return sharp(bytes, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .resize({ width: to.width, height: to.height, fit: "fill", kernel })
    .raw()
    .toBuffer();
}

/** From 0 on the left to 1 on the right. */
function barOf({ width, height }: Size, colormap: ColormapName): Uint8Array {
  const table = colormapTable(colormap);
  const bar = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const entry = 3 * Math.round(((i % width) / Math.max(width - 1, 1)) * 255);
    bar.set(table.subarray(entry, entry + 3), 3 * i);
  }
  return bar;
}

function put(page: { readonly data: Uint8Array } & Size, at: Rect, rgb: Uint8Array): void {
  for (let y = 0; y < at.height; y++) {
    const row = rgb.subarray(3 * y * at.width, 3 * (y + 1) * at.width);
    page.data.set(row, 3 * ((at.top + y) * page.width + at.left));
  }
}

function fillBox(page: { readonly data: Uint8Array } & Size, at: Rect): void {
  const rgb = new Uint8Array(3 * at.width * at.height);
  for (let i = 0; i < rgb.length; i += 3) rgb.set(BOX, i);
  put(page, at, rgb);
}
