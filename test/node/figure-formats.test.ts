/** @file Figures as SVG and PDF: what other programs read in them (librsvg, pdf.js) is what was placed. */

import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { FIGURE_FORMATS } from "../../src/figure/drawing/draw-figure.js";
import { FIGURE_FORMAT_NAMES } from "../../src/figure/layout/formats.js";
import type { Figure } from "../../src/figure/drawing/figure.js";
import { figureLetters } from "../../src/figure/drawing/letters.js";
import { subsetFont } from "../../src/figure/drawing/pdf/subset-font.js";
import type { PlacedText } from "../../src/figure/layout/writer.js";
import { colormapTable } from "../../src/image/colormaps.js";
import type { Picture } from "../../src/image/picture.js";
import { readPdf } from "../reference/pdf.js";

const noise = (width: number, height: number): Picture => ({
  data: Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * i * 31 + i * 7) & 255),
  width,
  height,
  channels: 3,
});

const line = (text: string, x: number, y: number, rest: Partial<PlacedText> = {}): PlacedText => ({
  ...{ text, x, y, px: 16, anchor: "start", tone: "strong" },
  ...rest,
});

const picture = noise(40, 25);
const figure: Figure = {
  width: 300,
  height: 120,
  density: 150,
  pictures: [{ at: { left: 7, top: 60, width: 40, height: 25 }, picture: () => Promise.resolve(picture) }],
  boxes: [{ left: 60, top: 60, width: 30, height: 20 }],
  texts: [
    line("Grad-CAM++ (α ≤ 0.5) & <b>", 10, 20),
    line("胸腔积液 0.905", 150, 40, { anchor: "middle", tone: "quiet" }),
    line("Mass 肿块", 290, 55, { anchor: "end", px: 13.5 }),
  ],
  colorBars: [{ at: { left: 10, top: 100, width: 128, height: 8 }, colormap: "viridis" }],
};

/** By librsvg, at a pixel for each of the figure's. */
async function rendered(svg: Uint8Array): Promise<Buffer> {
  const inPixels = Buffer.from(svg)
    .toString()
    .replace('width="2in" height="0.8in"', 'width="300" height="120"');
  return sharp(Buffer.from(inPixels)).removeAlpha().raw().toBuffer();
}

describe("SVG", () => {
  it("SVG shows what the PNG shows, at the same size on paper", async () => {
    const svg = await FIGURE_FORMATS.svg.draw(figure);
    expect(Buffer.from(svg).toString()).toContain('width="2in" height="0.8in" viewBox="0 0 300 120"');
    const png = await sharp(await FIGURE_FORMATS.png.draw(figure))
      .raw()
      .toBuffer();
    const shown = await rendered(svg);
    expect(shown.length).toBe(png.length);
    const apart = shown.filter((value, i) => Math.abs(value - png[i]!) > 2);
    // Along the colour bar, whose colours are not all of the PNG's pixels.
    expect(apart.length).toBeLessThan(0.01 * png.length);
  });

  it("SVG has the words of each line for search and readers", async () => {
    const text = Buffer.from(await FIGURE_FORMATS.svg.draw(figure)).toString();
    expect(text).toContain('aria-label="Grad-CAM++ (α ≤ 0.5) &amp; &lt;b&gt;"');
    expect(text.match(/<path /g)).toHaveLength(3);
    expect(text).not.toContain("<text");
  });

  it("SVG has lines in the system's fonts where gradlens has no letters", async () => {
    const texts = [line("แมว", 10, 30)];
    const one = { ...figure, pictures: [], boxes: [], texts };
    const ink = (await rendered(await FIGURE_FORMATS.svg.draw(one))).filter((value) => value < 200);
    expect(Buffer.from(await FIGURE_FORMATS.svg.draw(one)).toString()).toContain(">แมว</text>");
    expect(ink.length).toBeGreaterThan(100);
  });
});

describe("PDF, as pdf.js reads it,", () => {
  const opened = async (one: Figure) => readPdf(await FIGURE_FORMATS.pdf.draw(one));

  it("PDF has each line where it was placed, in its letters and widths", async () => {
    const { view, pieces } = await opened(figure);
    const point = 72 / 150;
    expect(view).toEqual([0, 0, 144, 57.6]);
    const { measure } = figureLetters();
    for (const { text, x, y, px, anchor } of figure.texts) {
      const share = { start: 0, middle: 0.5, end: 1 }[anchor];
      const left = (x - share * measure(text, px)) * point;
      const own = pieces.filter(({ transform }) => Math.abs(transform[5] - (120 - y) * point) < 0.01);
      // A break between two fonts counts as a space of no width.
      expect(
        own
          .map(({ str }) => str)
          .join("")
          .trim(),
      ).toBe(text);
      expect(own[0]!.transform[4]).toBeCloseTo(left, 2);
      const last = own.findLast(({ str }) => str.trim() !== "")!;
      const width = last.transform[4] + last.width - own[0]!.transform[4];
      expect(Math.abs(width - measure(text, px) * point)).toBeLessThan(0.05);
      expect(own[0]!.height).toBeCloseTo(px * point, 2);
    }
  });

  it("PDF has the pictures pixel for pixel, and every colour of the bar", async () => {
    const [shown, bar] = (await opened(figure)).images;
    expect(shown).toMatchObject({ width: 40, height: 25, channels: 3 });
    expect(Buffer.compare(Buffer.from(shown!.data), Buffer.from(picture.data))).toBe(0);
    expect(Buffer.compare(Buffer.from(bar!.data), Buffer.from(colormapTable("viridis")))).toBe(0);
  });

  it("PDF has lines in the system's fonts as pictures", async () => {
    const texts = [line("แมว", 10, 30), line("cat", 10, 60)];
    const { images, pieces } = await opened({ ...figure, pictures: [], colorBars: [], texts });
    expect(images).toHaveLength(1);
    expect(images[0]!.data.some((value) => value < 100)).toBe(true);
    expect(pieces.map(({ str }) => str)).toEqual(["cat"]);
  });
});

describe("a font of some letters", () => {
  it("an embedded font of some letters has their outlines and widths", () => {
    for (const { font, text } of figureLetters().runs("Ag α.胸积")!) {
      const codes = [...text].map((letter) => letter.codePointAt(0)!);
      const { bytes, widths, glyphs } = subsetFont(font, codes);
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      const tables = new Map<string, number>();
      for (let i = 0, at = 12; i < view.getUint16(4); i++, at += 16) {
        const name = String.fromCharCode(...bytes.subarray(at, at + 4));
        tables.set(name, view.getUint32(at + 8));
        // The sum of its words (OpenType specification, "Calculating checksums").
        let sum = 0;
        for (let k = 0; k < view.getUint32(at + 12); k += 4)
          sum = (sum + view.getUint32(view.getUint32(at + 8) + k)) >>> 0;
        expect(view.getUint32(at + 4)).toBe(sum);
      }
      expect([...tables.keys()]).toEqual(["glyf", "head", "hhea", "hmtx", "loca", "maxp"]);
      for (const code of codes) {
        const glyph = glyphs.get(code)!;
        const offset = (which: number): number => view.getUint32(tables.get("loca")! + 4 * which);
        const outline = bytes.subarray(
          tables.get("glyf")! + offset(glyph),
          tables.get("glyf")! + offset(glyph + 1),
        );
        const original = font.glyphBytes(font.glyphOf(code));
        expect(Buffer.compare(outline.subarray(0, original.length), original)).toBe(0);
        expect(outline.length - original.length).toBeLessThan(4);
        expect(view.getUint16(tables.get("hmtx")! + 4 * glyph)).toBe(font.advance(code) * font.unitsPerEm);
        expect(widths[glyph]).toBeCloseTo(1000 * font.advance(code), 6);
      }
    }
  });
});

describe.each(FIGURE_FORMAT_NAMES)("%s", (format) => {
  it("the same figure gives the same file twice, and it is recognised as ours alone", async () => {
    const { draw, isOurs } = FIGURE_FORMATS[format];
    const [one, other] = [await draw(figure), await draw(figure)];
    expect(Buffer.compare(one, other)).toBe(0);
    for (const name of FIGURE_FORMAT_NAMES)
      expect(await FIGURE_FORMATS[name].isOurs(one), name).toBe(name === format);
    expect(await isOurs(Buffer.from("<svg>gradlens</svg>"))).toBe(false);
    expect(await isOurs(Buffer.from("%PDF-1.7 of others"))).toBe(false);
  });
});
