/** @file Draws a figure as a PDF of one page: text in embedded fonts, pictures without loss. */

import type { Rect } from "../../layout/rects.js";
import { BEFORE, BOX, MADE_BY, TONES, type Figure } from "../figure.js";
import { figureLetters } from "../letters.js";
import { barOf, COLORS, encodeRgb, resized, type Pixels } from "../pixels.js";
import { systemLine } from "../system-text.js";
import { named, PdfFile, type Ref } from "./pdf-file.js";
import { addFonts } from "./pdf-fonts.js";

const PRODUCER = `/Producer (${MADE_BY})`;
/** The head of the file that holds the producer. */
const HEAD_BYTES = 200;
const POINTS_PER_INCH = 72;

/** The page is as large as the figure's pixels at its density. The file has no date: the same figure gives the same bytes. */
export async function drawPdf(figure: Figure): Promise<Uint8Array> {
  const { width, height, pictures, boxes, texts, colorBars, density } = figure;
  const file = new PdfFile();
  const info = file.add(`<< ${PRODUCER} >>`);
  const images: Ref[] = [];
  const image = async (at: Rect, pixels: Pixels): Promise<string> =>
    imageAt(at, images.push(file.addStream(...(await pngStream(pixels)))) - 1);
  const point = POINTS_PER_INCH / density;
  // From here on in the figure's pixels, y downwards.
  const content = [`${number(point)} 0 0 ${number(-point)} 0 ${number(height * point)} cm`];
  for (const box of boxes) content.push(`${rgb(BOX)} ${rectOf(box)} re f`);
  for (const { at, picture } of pictures) content.push(await image(at, await resized(await picture(), at)));
  for (const { at, colormap } of colorBars) content.push(await image(at, barOf(COLORS, colormap)));
  const letters = figureLetters();
  const lines = texts.map((text) => ({ text, runs: letters.runs(text.text) }));
  const fonts = addFonts(
    file,
    lines.flatMap(({ runs }) => runs ?? []),
  );
  for (const { text, runs } of lines) {
    const { x, y, px, anchor, tone } = text;
    const length = letters.measure(text.text, px);
    const left = x - BEFORE[anchor] * length;
    if (runs === undefined) {
      const { at, pixels } = await systemLine(text, left, length);
      content.push(await image(at, pixels));
      continue;
    }
    const shown = fonts.show(runs, Number(number(px)));
    content.push(`BT ${rgb(TONES[tone])} 1 0 0 -1 ${number(left)} ${number(y)} Tm ${shown} ET`);
  }
  const page = [width, height].map((side) => number(side * point)).join(" ");
  const objects = images.map((ref, i) => `/I${i} ${named(ref)}`).join(" ");
  const resources = `<< /XObject << ${objects} >> /Font << ${fonts.entries} >> >>`;
  const stream = file.addStream("", Buffer.from(content.join("\n")));
  const pages = file.next + 1;
  const leaf = file.add(
    `<< /Type /Page /Parent ${named(pages)} /MediaBox [0 0 ${page}] /Resources ${resources} /Contents ${named(stream)} >>`,
  );
  file.add(`<< /Type /Pages /Kids [${named(leaf)}] /Count 1 >>`);
  return file.bytes(file.add(`<< /Type /Catalog /Pages ${named(pages)} >>`), info);
}

export function isOurPdf(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString("latin1");
  return head.startsWith("%PDF-") && head.includes(PRODUCER);
}

/** An image is a unit square, y upwards. */
const imageAt = ({ left, top, width, height }: Rect, index: number): string =>
  `q ${width} 0 0 ${-height} ${left} ${top + height} cm /I${index} Do Q`;

/** The parts of a PNG that hold its pixels are a stream of PDF as they are. */
async function pngStream(pixels: Pixels): Promise<[entries: string, bytes: Uint8Array]> {
  const { width, height } = pixels;
  const png = Buffer.from(await encodeRgb(pixels));
  const data: Uint8Array[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString("latin1", at + 4, at + 8) === "IDAT")
      data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const entries =
    `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceRGB /BitsPerComponent 8 ` +
    `/Filter /FlateDecode /DecodeParms << /Predictor 15 /Colors 3 /Columns ${width} >>`;
  return [entries, Buffer.concat(data)];
}

const number = (value: number): string => String(Number(value.toFixed(4)));

const rgb = (color: readonly number[]): string => `${color.map((value) => number(value / 255)).join(" ")} rg`;

const rectOf = ({ left, top, width, height }: Rect): string => `${left} ${top} ${width} ${height}`;
