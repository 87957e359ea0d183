/** @file Our PNG reader and writer against sharp's libspng and pngjs. */

import sharp from "sharp";
import { PNG } from "pngjs";
import { expect, it } from "vitest";
import { GradlensError } from "../../src/errors.js";
import { readPng } from "../../src/picture-file/png-reader.js";
import { encodeHeatPng, encodePng } from "../../src/picture-file/png-writer.js";
import { smallGrey, withChunk } from "./png-chunks.js";
import type { Size } from "../../src/image/picture.js";
import { inflate } from "../../src/web/inflate.js";
import { readPicture } from "../../src/node/read-picture.js";
import { opencvRgb } from "../../src/picture-file/opencv-samples.js";

const [width, height] = [37, 23];
const noise = (count: number): Uint8Array =>
  Uint8Array.from({ length: count }, (_, i) => (i * 7919 + ((i * i) >> 3)) % 256);
const read = (bytes: Uint8Array) => readPng(Uint8Array.from(bytes), "x.png", inflate, () => undefined);

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
      const { data, channels } = await read(bytes);
      const theirs = await readPicture(bytes);
      expect(opencvRgb({ kind: "PNG", data, channels, cmyk: false })).toEqual(theirs.data);
    });
  }
}

it.each([
  ["a palette", { palette: true, colours: 16 }],
  ["rows of Adam7", { progressive: true }],
  ["a palette of 4 colours", { palette: true, colours: 4 }],
  ["a palette of 4 colours in rows of Adam7", { palette: true, colours: 4, progressive: true }],
])("the PNG reader reads %s", async (_, options) => {
  const bytes = await sharp(noise(width * height * 3), { raw: { width, height, channels: 3 } })
    .png(options)
    .toBuffer();
  const { data, channels } = await read(bytes);
  const theirs = await readPicture(bytes);
  expect(opencvRgb({ kind: "PNG", data, channels, cmyk: false })).toEqual(theirs.data);
});

it.each([1, 2, 4])("the PNG reader reads grey of %i bits", async (bits) => {
  const bytesOfRow = Math.ceil((width * bits) / 8);
  const rows = Array.from({ length: height }, (_, y) =>
    noise(bytesOfRow * height)
      .slice(y * bytesOfRow)
      .slice(0, bytesOfRow),
  );
  const bytes = smallGrey(width, bits, rows);
  const { data, channels } = await read(bytes);
  const theirs = await readPicture(bytes);
  expect(opencvRgb({ kind: "PNG", data, channels, cmyk: false })).toEqual(theirs.data);
});

it("sharp reads back what the PNG writer wrote: RGB, and maps of 8 and 16 bits", async () => {
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

it("the PNG reader refuses every cut and damage by name, or reads it", async () => {
  const whole = encodePng({ data: noise(width * height * 3), width, height, channels: 3 });
  const attempt = async (bytes: Uint8Array): Promise<void> => {
    const error = await read(bytes).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (error === undefined) return;
    expect(error).toBeInstanceOf(GradlensError);
    expect((error as Error).message).toMatch(/^x\.png: this PNG cannot be decoded \(/);
  };
  for (let length = 8; length < whole.length; length += 5) await attempt(whole.slice(0, length));
  for (let at = 8; at < whole.length; at += 3)
    await attempt(whole.map((byte, i) => (i === at ? byte ^ 0x55 : byte)));
  await expect(read(whole.slice(0, 60))).rejects.toThrow(/cut off/);
});

it("the PNG reader allocates no memory for a picture that its bytes cannot hold", async () => {
  const whole = encodePng({ data: noise(width * height * 3), width, height, channels: 3 });
  const large = withChunk(whole, "IHDR", (header) =>
    Buffer.concat([Buffer.of(0, 0, 64, 0, 0, 0, 64, 0), header.subarray(8)]),
  );
  const none = (): never => {
    throw new Error("unpacked");
  };
  await expect(readPng(Uint8Array.from(large), "x.png", none, () => undefined)).rejects.toThrow(
    /cut off or damaged/,
  );
});

it("the PNG reader reads no index outside the palette", async () => {
  const few = await sharp(noise(width * height * 3), { raw: { width, height, channels: 3 } })
    .png({ palette: true, colours: 4 })
    .toBuffer();
  await expect(read(withChunk(few, "PLTE", (palette) => palette.subarray(0, 6)))).rejects.toThrow(
    /cut off or damaged/,
  );
});
