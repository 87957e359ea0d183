/** @file Renders lines of text in the system's fonts, for scripts that may need shaping. */

import type { PlacedText } from "../layout/grid-layout.js";

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

function escaped(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
