/** @file Lines of text in the system's fonts, for scripts that may need shaping. */

import type { PlacedText } from "../layout/grid-layout.js";

/** A line as SVG; `width` is the room it was given, and how wide it is can only be seen: a wider one is condensed. */
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

/** From the first to the last column with ink, at least 1; of what is thrice as wide as thought, the rest is not seen. */
async function inkWidth(svg: string, px: number, thought: number): Promise<number> {
  const { default: sharp } = await import("sharp");
  const size = `width="${Math.ceil(3 * thought) + 2 * px}" height="${3 * px}"`;
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
