/** @file Figures: pictures lie where they are put, pixel for pixel, and the same figure gives the same bytes. */

import sharp from "sharp";
import { expect, it } from "vitest";
import { colormapTable } from "../../src/image/colormaps.js";
import type { PlacedText } from "../../src/figure/layout/writer.js";
import type { Rect } from "../../src/figure/layout/rects.js";
import type { Picture } from "../../src/image/picture.js";
import { drawPng, isOurPng } from "../../src/figure/drawing/draw-png.js";
import type { Figure } from "../../src/figure/drawing/figure.js";
import { figureLetters } from "../../src/figure/drawing/letters.js";
import { encodePicture } from "../../src/node/write-picture.js";

const noise = (width: number, height: number): Picture => ({
  data: Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * i * 31 + i * 7) & 255),
  width,
  height,
  channels: 3,
});

async function pixels(png: Uint8Array, { left, top, width, height }: Rect): Promise<number[]> {
  return [...(await sharp(png).extract({ left, top, width, height }).raw().toBuffer())];
}

const text: PlacedText = { text: "Ag 胸", x: 100, y: 20, px: 16, anchor: "middle", tone: "strong" };
const at: Rect = { left: 7, top: 30, width: 40, height: 25 };
const picture = noise(40, 25);
const figure: Figure = {
  width: 200,
  height: 90,
  density: 96,
  pictures: [{ at, picture: () => Promise.resolve(picture) }],
  boxes: [{ left: 60, top: 30, width: 10, height: 10 }],
  texts: [text],
  colorBars: [{ at: { left: 10, top: 70, width: 256 / 2, height: 4 }, colormap: "viridis" }],
};

it("a figure shows a picture that fits as it is, boxes, and the colormap from end to end", async () => {
  const png = await drawPng(figure);
  expect(await sharp(png).metadata()).toMatchObject({ width: 200, height: 90, channels: 3, density: 96 });
  expect(await pixels(png, at)).toEqual([...picture.data]);
  expect(new Set(await pixels(png, figure.boxes[0]!)).size).toBeLessThanOrEqual(3);
  const table = [...colormapTable("viridis")];
  expect(await pixels(png, { left: 10, top: 71, width: 1, height: 1 })).toEqual(table.slice(0, 3));
  expect(await pixels(png, { left: 137, top: 73, width: 1, height: 1 })).toEqual(table.slice(-3));
  expect(await pixels(png, { left: 0, top: 85, width: 200, height: 5 })).toEqual(Array(3000).fill(255));
});

it("a figure has text where it is anchored, and nowhere else", async () => {
  const png = await drawPng({ ...figure, pictures: [], boxes: [] });
  const ink = async (rect: Rect): Promise<number> => (await pixels(png, rect)).filter((v) => v < 128).length;
  expect(await ink({ left: 78, top: 4, width: 44, height: 22 })).toBeGreaterThan(300);
  expect(await ink({ left: 0, top: 0, width: 78, height: 60 })).toBe(0);
  expect(await ink({ left: 122, top: 0, width: 78, height: 60 })).toBe(0);
});

it("a figure keeps lines in the system's fonts within the width that was reckoned", async () => {
  const { measure } = figureLetters();
  for (const foreign of ["Wide Wild Words क", "กกกก ิิิิ Å̊", "\u200d\u200d"]) {
    const width = measure(foreign, 20);
    const one: PlacedText = { text: foreign, x: 200, y: 30, px: 20, anchor: "middle", tone: "strong" };
    const png = await drawPng({
      ...figure,
      width: 400,
      height: 40,
      pictures: [],
      boxes: [],
      texts: [one],
      colorBars: [],
    });
    const ink = async (left: number): Promise<number> =>
      (await pixels(png, { left, top: 0, width: 60, height: 40 })).filter((v) => v < 200).length;
    expect([await ink(Math.floor(199 - width / 2) - 60), await ink(Math.ceil(201 + width / 2))]).toEqual([
      0, 0,
    ]);
  }
});

it("a figure enlarges with square pixels, and reduces to the mean", async () => {
  const two: Picture = { data: Uint8Array.of(0, 0, 0, 200, 100, 50), width: 2, height: 1, channels: 3 };
  const large = { left: 0, top: 0, width: 8, height: 4 };
  const shown = await drawPng({
    ...figure,
    texts: [],
    pictures: [{ at: large, picture: () => Promise.resolve(two) }],
  });
  const row = Array.from({ length: 8 }, (_, x) => (x < 4 ? [0, 0, 0] : [200, 100, 50])).flat();
  expect(await pixels(shown, large)).toEqual([row, row, row, row].flat());
  const grey: Picture = { data: new Uint8Array(3 * 4096).fill(77), width: 64, height: 64, channels: 3 };
  const small = { left: 3, top: 3, width: 9, height: 9 };
  const reduced = await drawPng({
    ...figure,
    texts: [],
    pictures: [{ at: small, picture: () => Promise.resolve(grey) }],
  });
  expect(new Set(await pixels(reduced, small))).toEqual(new Set([77]));
});

it("the same figure gives the same PNG twice, and it is recognised as ours", async () => {
  const [one, other] = [await drawPng(figure), await drawPng(figure)];
  expect(Buffer.compare(one, other)).toBe(0);
  expect(await isOurPng(one)).toBe(true);
  expect(await isOurPng(await encodePicture(picture, "png"))).toBe(false);
  expect(await isOurPng(Buffer.from("no picture"))).toBe(false);
});
