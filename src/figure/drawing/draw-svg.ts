/** @file Draws a figure as SVG: text as outlines, which look the same in every program, pictures as PNG. */

import type { Rect } from "../layout/rects.js";
import { BOX, hex, MADE_BY, type Figure } from "./figure.js";
import { figureLetters } from "./letters.js";
import { barOf, COLORS, encodeRgb, resized, type Pixels } from "./pixels.js";
import { escaped } from "./system-text.js";

const HEAD = `<?xml version="1.0" encoding="UTF-8"?>\n<!-- ${MADE_BY} -->\n`;

/** On white. The page is as large as the figure's pixels at its density. */
export async function drawSvg(figure: Figure): Promise<Uint8Array> {
  const { width, height, pictures, boxes, texts, colorBars, density } = figure;
  const inches = (pixels: number): string => `${Number((pixels / density).toFixed(4))}in`;
  const parts = [`<rect width="${width}" height="${height}" fill="#fff"/>`];
  for (const box of boxes) parts.push(`<rect ${rectOf(box)} fill="${hex(BOX)}"/>`);
  for (const { at, picture } of pictures) parts.push(await imageOf(at, await resized(await picture(), at)));
  for (const { at, colormap } of colorBars) parts.push(await imageOf(at, barOf(COLORS, colormap)));
  const letters = figureLetters();
  for (const text of texts)
    parts.push(`<g role="img" aria-label="${escaped(text.text)}">${await letters.svg(text)}</g>`);
  const spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"';
  const size = `width="${inches(width)}" height="${inches(height)}" viewBox="0 0 ${width} ${height}"`;
  return Buffer.from(`${HEAD}<svg ${spaces} ${size}>\n${parts.join("\n")}\n</svg>\n`);
}

export const isOurSvg = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.subarray(0, HEAD.length)).toString() === HEAD;

async function imageOf(at: Rect, pixels: Pixels): Promise<string> {
  const png = Buffer.from(await encodeRgb(pixels)).toString("base64");
  return `<image ${rectOf(at)} preserveAspectRatio="none" xlink:href="data:image/png;base64,${png}"/>`;
}

const rectOf = ({ left, top, width, height }: Rect): string =>
  `x="${left}" y="${top}" width="${width}" height="${height}"`;
