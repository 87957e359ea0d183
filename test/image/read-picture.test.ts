import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GradlensError } from "../../src/errors.js";
import { readPicture } from "../../src/node/read-picture.js";
import { compare, reference, sha256 } from "./golden.js";

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "gradlens-"))));
afterAll(() => rmSync(folder, { recursive: true }));

async function problem(from: string | Uint8Array, options = {}): Promise<string> {
  const error: unknown = await readPicture(from, options).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(GradlensError);
  const { code, message } = error as GradlensError;
  expect(code).toBe("bad-picture");
  expect(message).not.toContain("\n");
  return message;
}

describe("readPicture", () => {
  it.each(Object.entries(reference.read))("%s has OpenCV's pixels", async (path, [width, height, sha]) => {
    const picture = await readPicture(path);
    expect([picture.width, picture.height, picture.channels]).toEqual([width, height, 3]);
    expect(sha256(picture.data as Uint8Array)).toBe(sha);
  });

  it("readPicture reads bytes as it reads files", async () => {
    const path = "pictures/parrot-fish.jpg";
    const picture = await readPicture(readFileSync(path));
    expect(sha256(picture.data as Uint8Array)).toBe(reference.read[path]![2]);
  });

  it("readPicture reads colours that are multiplied by their alpha already as those that are not", async () => {
    const [plain, multiplied] = await Promise.all(
      ["rgba.tif", "premultiplied.tif"].map((file) => readPicture(`test/data/pictures/${file}`)),
    );
    expect(multiplied!.data.length).toBe(plain!.data.length);
    expect(compare(multiplied!.data, plain!.data).max).toBeLessThanOrEqual(1);
  });

  it("readPicture turns a TIFF whose orientation swaps its sides (OpenCV 5.0 fails on those)", async () => {
    const upright = await sharp("test/data/pictures/rgb.tif").rotate(90).raw().toBuffer();
    const turned = await sharp("test/data/pictures/rgb.tif")
      .withMetadata({ orientation: 6 })
      .tiff({ compression: "lzw" })
      .toBuffer();
    const picture = await readPicture(turned);
    expect([picture.width, picture.height]).toEqual([17, 23]);
    expect([...picture.data]).toEqual([...upright]);
  });
});

describe("readPicture refuses, in one line,", () => {
  it("readPicture refuses a missing file and a folder", async () => {
    expect(await problem(join(folder, "none.png"))).toMatch(/none\.png: no such file or folder/);
    expect(await problem(folder)).toMatch(/this is a folder, not a file/);
  });

  it("readPicture refuses an empty file", async () => {
    writeFileSync(join(folder, "empty.png"), "");
    expect(await problem(join(folder, "empty.png"))).toMatch(/empty\.png is empty/);
  });

  it.each([
    ["BM\x36\0\0\0\0\0", "a BMP picture"],
    ["BMI,age\n21,40", "a file of an unknown kind"],
    ["\0\0\0\x1cftypheic", "a HEIC picture"],
    ["<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG or XML file"],
    ["PK\x03\x04....", "a zip archive (or a PyTorch checkpoint)"],
    ["hello", "a file of an unknown kind"],
  ])("readPicture refuses %j by its content", async (bytes, looksLike) => {
    expect(await problem(Buffer.from(bytes, "latin1"), { name: "x.png" })).toBe(
      `x.png is ${looksLike}, which is not supported (PNG, JPEG, WebP, GIF, TIFF, AVIF and DICOM are); convert it to PNG`,
    );
  });

  it.each([
    "pictures/cat-dog.png",
    "pictures/parrot-fish.jpg",
    "test/data/pictures/lossy.webp",
    "test/data/pictures/rgb.tif",
  ])("readPicture refuses %s cut off anywhere", async (path) => {
    const bytes = readFileSync(path);
    for (const share of [0.02, 0.3, 0.6, 0.9]) {
      const cut = bytes.subarray(0, Math.max(16, Math.floor(bytes.length * share)));
      expect(await problem(cut, { name: "cut" })).toMatch(
        /^cut: this (?:.* cannot be decoded \(.*\): it may be cut off or damaged; save it again|TIFF is cut off or damaged: .*; copy or save it again)$/,
      );
    }
  });

  it("readPicture refuses a PNG whose pixels are damaged", async () => {
    const bytes = Buffer.from(readFileSync("pictures/cat-dog.png"));
    bytes.fill(0x55, 100_000, 100_200);
    expect(await problem(bytes)).toMatch(/the picture: this PNG cannot be decoded/);
  });

  it("readPicture refuses more pixels than the limit, before decoding", async () => {
    const path = "pictures/cat-dog.png";
    expect(await problem(path, { maxPixels: 480 * 360 - 1 })).toMatch(
      /480x360 pixels are more than the limit of 172799; make it smaller, or raise the limit \(--max-pixels, maxPixels\)$/,
    );
    expect((await readPicture(path, { maxPixels: 480 * 360 })).width).toBe(480);
    const vast = Buffer.from(readFileSync("test/data/pictures/1-bit.png"));
    vast.writeUInt32BE(60_000, 16);
    vast.writeUInt32BE(60_000, 20);
    expect(await problem(vast)).toMatch(/cannot be decoded|60000x60000 pixels are more/);
    await expect(readPicture(path, { maxPixels: 0 })).rejects.toMatchObject({ code: "bad-argument" });
  });

  it("readPicture refuses float samples, for which OpenCV has no way to 8 bits either", async () => {
    expect(await problem("test/data/pictures/refused-float.tif")).toMatch(
      /: this TIFF holds float samples of 32 bits; save it as a PNG of 8 or 16 bits, grey or RGB$/,
    );
  });
});
