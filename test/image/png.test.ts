/** @file Our PNG reader and writer against sharp's libspng and pngjs. */

import sharp from "sharp";
import { PNG } from "pngjs";
import { expect, it } from "vitest";
import { GradlensError } from "../../src/errors.js";
import { isInterlacedAndSmall, readPng } from "../../src/picture-file/png-reader.js";
import { encodeHeatPng, encodePng } from "../../src/picture-file/png-writer.js";
import type { Size } from "../../src/image/picture.js";
import { readPicture } from "../../src/node/read-picture.js";
import { opencvRgb } from "../../src/picture-file/opencv-samples.js";

const [width, height] = [37, 23];
const noise = (count: number): Uint8Array =>
  Uint8Array.from({ length: count }, (_, i) => (i * 7919 + ((i * i) >> 3)) % 256);
const read = (bytes: Uint8Array) => readPng(bytes, "x.png", () => undefined);

const KINDS = {
  grey: [0, 1],
  rgb: [2, 3],
  "grey and alpha": [4, 4],
  rgba: [6, 4],
} as const;

for (const [kind, [colorType]] of Object.entries(KINDS)) {
  for (const bitDepth of [8, 16] as const) {
    it(`reads ${kind} of ${bitDepth} bits as readPicture of Node does`, async () => {
      const png = new PNG({ width, height });
      png.data = Buffer.from(noise(width * height * 4 * (bitDepth / 8)));
      const bytes = PNG.sync.write(png, { colorType, bitDepth, inputColorType: 6, inputHasAlpha: true });
      const { data, channels } = read(bytes);
      const theirs = await readPicture(bytes);
      expect(opencvRgb({ kind: "PNG", data, channels, cmyk: false })).toEqual(theirs.data);
    });
  }
}

it.each([
  ["a palette", { palette: true, colours: 16 }],
  ["rows of Adam7", { progressive: true }],
  ["a palette of 4 colours", { palette: true, colours: 4 }],
])("reads %s", async (_, options) => {
  const bytes = await sharp(noise(width * height * 3), { raw: { width, height, channels: 3 } })
    .png(options)
    .toBuffer();
  const { data, channels } = read(bytes);
  const theirs = await readPicture(bytes);
  expect(opencvRgb({ kind: "PNG", data, channels, cmyk: false })).toEqual(theirs.data);
});

it("writes what sharp reads back: RGB, and maps of 8 and 16 bits", async () => {
  const data = noise(width * height * 3);
  const rgb = await sharp(encodePng({ data, width, height, channels: 3 }))
    .raw()
    .toBuffer();
  expect(new Uint8Array(rgb)).toEqual(data);
  const map = Float32Array.from(noise(width * height), (value) => value / 255);
  const grey = await sharp(encodeHeatPng(map, { width, height }, 8))
    .toColourspace("b-w")
    .raw()
    .toBuffer();
  expect([...grey]).toEqual([...map].map((value) => Math.round(value * 255)));
  // A picture is a size too.
  const deep = await sharp(encodeHeatPng(map, { width, height, data, channels: 3 } as Size, 16))
    .toColourspace("grey16")
    .raw({ depth: "ushort" })
    .toBuffer();
  const samples = new Uint16Array(deep.buffer, deep.byteOffset, map.length);
  expect([...samples]).toEqual([...map].map((value) => Math.round(value * 65535)));
});

it("refuses every cut and damage by name, or reads it", () => {
  const whole = encodePng({ data: noise(width * height * 3), width, height, channels: 3 });
  const attempt = (bytes: Uint8Array): void => {
    try {
      read(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(GradlensError);
      expect((error as Error).message).toMatch(/^x\.png: this PNG cannot be decoded \(/);
    }
  };
  for (let length = 8; length < whole.length; length += 5) attempt(whole.slice(0, length));
  for (let at = 8; at < whole.length; at += 3)
    attempt(whole.map((byte, i) => (i === at ? byte ^ 0x55 : byte)));
  expect(() => read(whole.slice(0, 60))).toThrow(/cut off/);
});

it("knows the PNGs that are left to the browser", async () => {
  const rgb = sharp(noise(width * height * 3), { raw: { width, height, channels: 3 } });
  const few = { palette: true, colours: 4 };
  const kinds = [{}, { progressive: true }, few, { ...few, progressive: true }];
  const left = await Promise.all(
    kinds.map(async (kind) => isInterlacedAndSmall(await rgb.clone().png(kind).toBuffer())),
  );
  expect(left).toEqual([false, false, false, true]);
});
