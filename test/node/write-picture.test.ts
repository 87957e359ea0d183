import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Picture } from "../../src/image/picture.js";
import { encodeHeat, encodePicture, writePicture } from "../../src/node/write-picture.js";
import { compare, goldenPicture } from "../image/golden.js";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "gradlens-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const picture = goldenPicture();
const small: Picture = { data: Uint8Array.of(0, 9, 128, 250, 251, 255), width: 3, height: 2, channels: 1 };

describe("writePicture", () => {
  it("writePicture writes a PNG that sharp reads back as the same RGB samples", async () => {
    const path = join(folder, "deep/er/a.png");
    await writePicture(path, picture);
    const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([160, 120, 3]);
    expect(compare(data, picture.data).max).toBe(0);
    expect((await sharp(path).metadata()).hasAlpha).toBe(false);
  });

  it("writePicture writes grey PNG and JPEG of a grey picture, and rounds float samples", async () => {
    const png = await encodePicture(small, "png");
    expect(await sharp(png).metadata()).toMatchObject({ channels: 1, depth: "uchar", space: "b-w" });
    expect([...(await sharp(png).toColourspace("b-w").raw().toBuffer())]).toEqual([...small.data]);
    expect(await sharp(await encodePicture(small, "jpeg")).metadata()).toMatchObject({ channels: 1 });
    const floats = { ...small, data: Float32Array.from(small.data, (v) => v / 255) };
    expect(await encodePicture(floats, "png")).toEqual(png);
  });

  it("writePicture writes a JPEG of full-resolution colours, close to the picture", async () => {
    const path = join(folder, "a.JPG");
    await writePicture(path, picture);
    expect(await sharp(path).metadata()).toMatchObject({ format: "jpeg", chromaSubsampling: "4:4:4" });
    const read = await sharp(path).raw().toBuffer();
    let sum = 0;
    for (let i = 0; i < read.length; i++) sum += Math.abs(read[i]! - picture.data[i]!);
    expect(sum / read.length).toBeLessThan(4);
  });

  it("writePicture refuses another suffix", async () => {
    await expect(writePicture(join(folder, "a.bmp"), picture)).rejects.toMatchObject({
      code: "bad-argument",
      message: expect.stringMatching(/a\.bmp: pictures are written as \.png, \.jpg or \.webp/) as string,
    });
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("encodeHeat", () => {
  const map = Float32Array.of(0, 0.25, 0.5, 1, 1.5, -1);
  const size = { width: 3, height: 2 };

  it("encodeHeat writes 8 bits", async () => {
    const png = await encodeHeat(map, size, 8);
    expect(await sharp(png).metadata()).toMatchObject({ width: 3, height: 2, channels: 1, depth: "uchar" });
    const data = await sharp(png).toColourspace("b-w").raw().toBuffer();
    expect([...data]).toEqual([0, 64, 128, 255, 255, 0]);
  });

  it("encodeHeat writes 16 bits", async () => {
    const png = await encodeHeat(map, size, 16);
    expect(await sharp(png).metadata()).toMatchObject({ width: 3, height: 2, channels: 1, depth: "ushort" });
    const data = await sharp(png).toColourspace("grey16").raw({ depth: "ushort" }).toBuffer();
    const read = Array.from({ length: 6 }, (_, i) => data.readUInt16LE(2 * i));
    expect(read).toEqual([0, 16384, 32768, 65535, 65535, 0]);
  });

  it("encodeHeat refuses a map that does not fit its size", () =>
    expect(encodeHeat(map, { width: 2, height: 2 }, 8)).rejects.toMatchObject({ code: "bad-argument" }));
});
