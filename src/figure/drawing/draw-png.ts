/** @file Draws a figure as PNG. */

import type { Rect } from "../layout/rects.js";
import { BOX, MADE_BY, type Figure } from "./figure.js";
import { figureLetters } from "./letters.js";
import { barOf, resized, sharpOf, type Pixels } from "./pixels.js";

/** On white. */
export async function drawPng(figure: Figure): Promise<Uint8Array> {
  const { width, height, pictures, boxes, texts, colorBars, density } = figure;
  const page: Pixels = { data: new Uint8Array(width * height * 3).fill(255), width, height };
  for (const box of boxes) fillBox(page, box);
  for (const { at, picture } of pictures) put(page, at, (await resized(await picture(), at)).data);
  for (const { at, colormap } of colorBars) put(page, at, barOf(at, colormap).data);
  const letters = figureLetters();
  const size = `width="${width}" height="${height}"`;
  const lines = await Promise.all(texts.map((text) => letters.svg(text)));
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${lines.join("")}</svg>`;
  return (await sharpOf(page))
    .composite([{ input: Buffer.from(svg), unlimited: true }])
    .removeAlpha()
    .withExif({ IFD0: { Software: MADE_BY } })
    .withMetadata({ density })
    .png({ compressionLevel: 6, adaptiveFiltering: true })
    .toBuffer();
}

export async function isOurPng(bytes: Uint8Array): Promise<boolean> {
  const { default: sharp } = await import("sharp");
  const metadata = await sharp(bytes)
    .metadata()
    .catch(() => undefined);
  return metadata?.exif?.includes(MADE_BY) ?? false;
}

function put(page: Pixels, at: Rect, rgb: Uint8Array): void {
  for (let y = 0; y < at.height; y++) {
    const row = rgb.subarray(3 * y * at.width, 3 * (y + 1) * at.width);
    page.data.set(row, 3 * ((at.top + y) * page.width + at.left));
  }
}

function fillBox(page: Pixels, at: Rect): void {
  const rgb = new Uint8Array(3 * at.width * at.height);
  for (let i = 0; i < rgb.length; i += 3) rgb.set(BOX, i);
  put(page, at, rgb);
}
