/** @file Renders lines of text in the system's fonts, for scripts that may need shaping. */

import type { Rect } from "../layout/rects.js";
import type { PlacedText } from "../layout/writer.js";
import { hex, TONES } from "./figure.js";
import type { Pixels } from "./pixels.js";

/** A line as SVG. Its true width is unknown before rendering; a line wider than `width` is condensed. */
export async function systemText(
  { text, x, y, px, anchor }: PlacedText,
  fill: string,
  width: number,
): Promise<string> {
  const style = `font-family="sans-serif" font-size="${px}" fill="${fill}"`;
  const words = escaped(text);
  const drawn = await inkWidth(`<text x="${px}" y="${2 * px}" ${style}>${words}</text>`, px, width);
  const scale = Math.min(1, width / drawn);
  return `<text transform="translate(${x} ${y}) scale(${scale} 1)" text-anchor="${anchor}" ${style}>${words}</text>`;
}

/** Pixels of `systemLine` for each of the figure's. */
const FINER = 2;

/**
 * A line as a picture on white, for formats that cannot name the system's fonts.
 * @param left where it begins
 * @param width of the line, in the figure's pixels
 */
export async function systemLine(
  text: PlacedText,
  left: number,
  width: number,
): Promise<{ at: Rect; pixels: Pixels }> {
  const { px, y } = text;
  const at: Rect = {
    left: Math.floor(left),
    top: Math.round(y - px),
    width: Math.ceil(width) + 1,
    height: Math.ceil(1.35 * px),
  };
  const line = await systemText(text, hex(TONES[text.tone]), width);
  const view = `viewBox="${at.left} ${at.top} ${at.width} ${at.height}"`;
  const size = `width="${FINER * at.width}" height="${FINER * at.height}"`;
  const { default: sharp } = await import("sharp");
  const { data, info } = await sharp(
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${size} ${view}>${line}</svg>`),
  )
    .flatten({ background: "#fff" })
    .removeAlpha()
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { at, pixels: { data, width: info.width, height: info.height } };
}

/** The width from the first to the last column with ink, at least 1. Ink beyond three times the expected width is not measured. */
async function inkWidth(svg: string, px: number, expected: number): Promise<number> {
  const { default: sharp } = await import("sharp");
  const size = `width="${Math.ceil(3 * expected) + 2 * px}" height="${3 * px}"`;
  const { data, info } = await sharp(
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${size}>${svg}</svg>`),
  )
    .extractChannel("alpha")
    .raw()
    .toBuffer({ resolveWithObject: true });
  let [first, last] = [info.width, 0];
  for (const [i, alpha] of data.entries()) {
    if (alpha === 0) continue;
    const x = i % info.width;
    [first, last] = [Math.min(first, x), Math.max(last, x)];
  }
  return Math.max(1, last - first + 1);
}

/** A text as SVG has it, between tags or quotes. */
export function escaped(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
