/** @file Pictures of 16 bits, GIFs, an AVIF and TIFFs that are not read, against OpenCV and NumPy (tools/make_picture_kinds.py). */

import { readFileSync } from "node:fs";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { preprocess } from "../../src/image/preprocess.js";
import { readPicture } from "../../src/node/read-picture.js";
import { compare, sha256 } from "./golden.js";

const FOLDER = "test/data/picture-kinds/";

interface Reference {
  readonly read: Record<string, [width: number, height: number, sha: string]>;
  readonly levels: Record<string, [least: number, greatest: number, values: number, levels: number]>;
  readonly window: [file: string, center: number, width: number, channels: number, sha: string][];
  readonly avif: string;
}

const reference = JSON.parse(readFileSync(`${FOLDER}reference.json`, "utf8")) as Reference;

it.each(Object.entries(reference.read))("%s has OpenCV's pixels", async (file, [width, height, sha]) => {
  const picture = await readPicture(FOLDER + file);
  expect([picture.width, picture.height, picture.channels]).toEqual([width, height, 3]);
  expect(sha256(picture.data as Uint8Array)).toBe(sha);
});

it("an AVIF has OpenCV's pixels within what decoders of AVIF differ by", async () => {
  const { data } = await readPicture(`${FOLDER}smooth.avif`);
  const wanted = new Uint8Array(Buffer.from(reference.avif, "base64"));
  expect(data.length).toBe(wanted.length);
  expect(compare(data, wanted).max).toBeLessThanOrEqual(6);
});

it("readPicture reports that it reads the first of several pages", async () => {
  expect((await readPicture(`${FOLDER}animated.gif`)).pages).toBe(2);
  expect((await readPicture(`${FOLDER}plain.gif`)).pages).toBeUndefined();
  expect((await readPicture("test/data/pictures/two-pages.tif")).pages).toBe(2);
});

describe("16 bits", () => {
  it.each(Object.entries(reference.levels))(
    "%s has 16 bits: the range, and what is left in 8 bits",
    async (file, [least, greatest, values, levels]) => {
      const { sixteenBits } = await readPicture(FOLDER + file);
      expect(sixteenBits).toEqual({ least, greatest, values, levels });
    },
  );

  it.each(reference.window)(
    "%s with the window %d,%d has NumPy's pixels",
    async (file, center, width, channels, sha) => {
      const picture = await readPicture(FOLDER + file, { window: { center, width } });
      expect(picture.channels).toBe(channels);
      expect(picture.data).toBeInstanceOf(Float32Array);
      const { buffer, byteOffset, byteLength } = picture.data as Float32Array;
      expect(sha256(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength))).toBe(sha);
      expect(picture.sixteenBits?.window).toEqual({ center, width, function: "LINEAR", from: "option" });
      expect(picture.sixteenBits).not.toHaveProperty("levels");
    },
  );

  it("16 bits as floats become a model's input as 8 bits do", async () => {
    const shown = await readPicture(`${FOLDER}rgb-12.png`, { window: { center: 2048, width: 4096 } });
    const how = { size: { width: 23, height: 17 }, channels: 3, mean: [0.5], std: [0.5] } as const;
    const { data } = preprocess(shown, { ...how, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] });
    data.forEach((value, i) => expect(value).toBeCloseTo(((shown.data[i] as number) - 0.5) / 0.5, 5));
  });

  it.each([
    [
      "test/data/pictures/rgb.png",
      { window: { center: 100, width: 50 } },
      /rgb\.png is a PNG of 8 bits: a window/,
    ],
    [
      "test/data/pictures/rgba-16.tif",
      { window: { center: 100, width: 50 } },
      /is a TIFF whose colours its alpha multiplies: a window/,
    ],
    [`${FOLDER}grey-12.png`, { frame: 1 }, /is a PNG: a frame \(--frame, frame\) is for DICOM files$/],
  ])("%s with %j is refused", async (file, options, line) => {
    await expect(readPicture(file, options)).rejects.toMatchObject({
      code: "bad-picture",
      message: expect.stringMatching(line) as string,
    });
  });
});

describe("whole TIFFs that are not supported", () => {
  it.each([
    ["jpeg-2000", "JPEG 2000 compression"],
    ["zstd", "ZSTD compression"],
    ["lerc", "LERC compression"],
    ["12-bits", "samples of 12 bits"],
    ["float", "float samples of 64 bits"],
    ["signed", "signed samples of 16 bits"],
    ["7-samples", "7 samples a pixel"],
    ["lab", "CIE L*a*b* colours"],
    ["mosaic", "a camera's raw mosaic"],
    ["ycbcr", "YCbCr colours that are not compressed as JPEG"],
    ["grey-times-alpha", "grey samples multiplied by an alpha"],
    ["planes", "2 planes of grey samples"],
  ])("refused-%s.tif is not called damaged, but what it is", async (name, what) => {
    const error: unknown = await readPicture(`${FOLDER}refused-${name}.tif`, { name: "x.tif" }).catch(
      (e: unknown) => e,
    );
    const { message } = error as Error;
    expect(message).toMatch(/^x\.tif: this TIFF (?:cannot be decoded: it )?holds /);
    expect(message).toContain(`holds ${what}; save it as a PNG of 8 or 16 bits, grey or RGB`);
  });
});

it("a TIFF without all its tiles is refused as cut off, and not black there", async () => {
  const bytes = readFileSync(`${FOLDER}tiles.tif`);
  const wide = Buffer.from(bytes);
  // The width, in the directory's first entry: many more tiles than are listed.
  const entry = wide.indexOf(Buffer.from([0, 1, 4, 0, 1, 0, 0, 0, 23, 0]));
  expect(entry).toBeGreaterThan(0);
  wide.writeUInt16LE(60_000, entry + 8);
  for (const bad of [bytes.subarray(0, bytes.length - 100), wide]) {
    await expect(readPicture(bad, { name: "x.tif" })).rejects.toThrow(
      /^x\.tif: this TIFF is cut off or damaged: its pixels are not all in the file; copy or save it again$/,
    );
  }
});

it("a WebP's orientation counts, with the mark before its EXIF too, which OpenCV 5.0 passes over", async () => {
  const upright = await sharp("test/data/pictures/rgb.png").rotate(90).raw().toBuffer();
  const turned = await sharp("test/data/pictures/rgb.png")
    .withMetadata({ orientation: 6 })
    .webp({ lossless: true })
    .toBuffer();
  expect(turned.includes("Exif\0\0")).toBe(true);
  const picture = await readPicture(turned);
  expect([picture.width, picture.height]).toEqual([17, 23]);
  expect([...picture.data]).toEqual([...upright]);
});
