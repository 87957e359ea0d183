/** @file DICOM files that are cut off, damaged or made to harm: one line each, and nothing of what they say of a patient. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { GradlensError } from "../../src/errors.js";
import { readPicture, type ReadPicture, type ReadPictureOptions } from "../../src/node/index.js";
import { seeded } from "../reference/random.js";

const folder = "test/data/dicom";
const files = readdirSync(folder).filter((name) => name.endsWith(".dcm"));
const read = (name: string): Buffer => readFileSync(join(folder, name));

/** The picture, or the message of the only error there may be. */
async function attempt(bytes: Uint8Array, options: ReadPictureOptions = {}): Promise<ReadPicture | string> {
  try {
    return await readPicture(bytes, { name: "x", ...options });
  } catch (error) {
    expect(error).toBeInstanceOf(GradlensError);
    const { code, message, cause } = error as GradlensError;
    expect(code).toBe("bad-picture");
    expect(message).toMatch(/^x\b[^\n]*$/);
    expect(message).not.toMatch(/zanzibar|4711|1901|2019/i);
    expect(cause).toBeUndefined();
    return message;
  }
}

/** The file with the value of an element with a 2-byte length replaced by one of the same length. */
function patched(name: string, group: number, element: number, value: Buffer): Buffer {
  const bytes = read(name);
  const tag = Buffer.from([group & 255, group >> 8, element & 255, element >> 8]);
  const at = bytes.indexOf(tag, 132);
  expect(at).toBeGreaterThan(0);
  expect(bytes.readUInt16LE(at + 6)).toBe(value.length);
  value.copy(bytes, at + 8);
  return bytes;
}

/** A JPEG 2000 file of another size: its header's and its codestream's; `tile`: with one tile, else those of 46x33 that it had. */
function resized(width: number, height: number, tile: boolean): Buffer {
  const bytes = patched("jpeg-2000.dcm", 0x28, 0x10, word(height));
  word(width).copy(bytes, bytes.indexOf(Buffer.from("28001100", "hex"), 132) + 8);
  const siz = bytes.indexOf(Buffer.from("ff4fff51", "hex")) + 8;
  bytes.writeUInt32BE(width, siz);
  bytes.writeUInt32BE(height, siz + 4);
  if (tile) bytes.writeUInt32BE(width, siz + 16);
  if (tile) bytes.writeUInt32BE(height, siz + 20);
  return bytes;
}

const word = (value: number): Buffer => Buffer.from([value & 255, value >> 8]);

function bitsOfRle(): Buffer {
  const bytes = patched("rle.dcm", 0x28, 0x100, word(1));
  word(1).copy(bytes, bytes.indexOf(Buffer.from("28000101", "hex")) + 8);
  word(0).copy(bytes, bytes.indexOf(Buffer.from("28000201", "hex")) + 8);
  return bytes;
}

describe("a DICOM file", () => {
  it.each(files)("a DICOM file %s cut off anywhere is refused, or has lost nothing", async (name) => {
    const whole = (await attempt(read(name))) as ReadPicture;
    for (const share of [0.03, 0.2, 0.5, 0.8, 0.97]) {
      const bytes = read(name);
      const result = await attempt(bytes.subarray(0, Math.max(140, Math.floor(bytes.length * share))));
      // Of several frames the last may be what is missing.
      if (typeof result !== "string") expect(result.data).toEqual(whole.data);
    }
  });

  it.each(files)("a DICOM file %s with bytes changed at random is read or refused", async (name) => {
    const random = seeded(files.indexOf(name));
    for (let round = 0; round < 12; round++) {
      const bytes = read(name);
      for (let i = 0; i <= round; i++) bytes[random.integer(0, bytes.length - 1)] = random.integer(0, 255);
      // Headers are where most harm is done.
      bytes[132 + random.integer(0, 899)] = random.integer(0, 255);
      const result = await attempt(bytes, { maxPixels: 2 ** 22 });
      if (typeof result !== "string") {
        expect(result.data.length).toBe(result.width * result.height * result.channels);
        expect(result.data.every((value) => value >= 0)).toBe(true);
      }
    }
  });

  it.each<[string, Buffer, ReadPictureOptions, RegExp]>([
    [
      "rows beyond the file",
      patched("native-explicit.dcm", 0x28, 0x10, word(65535)),
      {},
      /is cut off: frame 1 ends/,
    ],
    [
      "more pixels than allowed",
      patched("rle.dcm", 0x28, 0x10, word(65535)),
      { maxPixels: 1000 },
      /46x65535 pixels are more than the limit of 1000; .*--max-pixels/,
    ],
    [
      "RLE that cannot fill it",
      patched("rle.dcm", 0x28, 0x10, word(65535)),
      {},
      /is cut off: its RLE pixels/,
    ],
    [
      "JPEG-LS of another size",
      patched("jpeg-ls.dcm", 0x28, 0x11, word(65535)),
      {},
      /states 65535x33 pixels/,
    ],
    [
      "JPEG 2000 pixels too few for their size",
      resized(8000, 8000, true),
      {},
      /has 1776 bytes for 8000x8000 compressed pixels: it is cut off, or blank$/,
    ],
    [
      "JPEG 2000 tiles missing",
      resized(92, 99, false),
      {},
      /is cut off: it holds 1 of the 6 tiles of its JPEG 2000 pixels$/,
    ],
    ["JPEG of another size", patched("jpeg-lossless.dcm", 0x28, 0x10, word(1)), {}, /states 46x1 pixels/],
    ["no rows", patched("native-explicit.dcm", 0x28, 0x10, word(0)), {}, /holds no picture: it has no rows/],
    ["no frames", patched("frames.dcm", 0x28, 0x08, Buffer.from("0 ")), {}, /holds no frame/],
    ["frames that are no number", patched("frames.dcm", 0x28, 0x08, Buffer.from("x ")), {}, /not a number/],
    [
      "bits out of the word",
      patched("native-explicit.dcm", 0x28, 0x102, word(16)),
      {},
      /12 bits up to bit 16/,
    ],
    ["13 bits allocated", patched("native-explicit.dcm", 0x28, 0x100, word(13)), {}, /13 bits allocated/],
    ["a frame that is not there", read("frames.dcm"), { frame: 4 }, /has 3 frames: there is no frame 4$/],
    ["a second frame of one", read("ct.dcm"), { frame: 2 }, /has one frame: there is no frame 2$/],
    [
      "a window for colours",
      read("rgb.dcm"),
      { window: { center: 40, width: 400 } },
      /is coloured: a window \(--window\) is for grey values$/,
    ],
    ["a coding of its own", uid("1.2.840.99.4711"), {}, /has a transfer syntax that DICOM does not define/],
    ["frames deflated alone", uid("1.2.840.10008.1.2.8.1"), {}, /deflated one by one: save it as Explicit/],
    [
      "compressed bits",
      bitsOfRle(),
      {},
      /has compressed pixels of 1 bit, which are not supported: save it as/,
    ],
    ["video", uid("1.2.840.10008.1.2.4.102"), {}, /holds an MPEG video/],
  ])("a DICOM file with %s is refused", async (_, bytes, options, message) => {
    expect(await attempt(bytes, options)).toMatch(message);
  });

  it("a DICOM file with values at the limits of numbers is shown, or refused where they are too far apart", async () => {
    const far = patched("padding.dcm", 0x28, 0x1052, Buffer.from("-1.7e308"));
    const shown = await attempt(far);
    expect(shown).toMatchObject({ dicom: { window: { center: -1.7e308, width: 0 } } });
    const at = far.indexOf(Buffer.from("28005310", "hex"), 132) + 6;
    const slope = Buffer.from("\x06\x001e305 ", "latin1");
    const apart = Buffer.concat([far.subarray(0, at), slope, far.subarray(at + 6)]);
    Buffer.from("0       ").copy(apart, apart.indexOf("-1.7e308"));
    expect(await attempt(apart)).toMatch(
      /values from -4\.85e\+307 to 1\.797e\+308, too far apart .*--window C,W/,
    );
  });

  it("a DICOM file with JPEG-LS pixels that end early is refused at once", async () => {
    const whole = read("jpeg-ls-near.dcm");
    const start = whole.indexOf(Buffer.from("ffd8fff7", "hex"));
    const cut = Buffer.concat([whole.subarray(0, start + 100), Buffer.from("feffdde000000000", "hex")]);
    cut.writeUInt32LE(100, start - 4);
    expect(await attempt(cut)).toMatch(/compressed pixels that cannot be decoded/);
  }, 10_000);

  it("a DICOM file with endlessly nested sequences is refused", async () => {
    const head = read("native-explicit.dcm").subarray(0, 360);
    const open = Buffer.from("28003030" + "53510000ffffffff" + "feff00e0ffffffff", "hex");
    expect(await attempt(Buffer.concat([head, ...Array.from({ length: 200_000 }, () => open)]))).toMatch(
      /^x: this DICOM file/,
    );
  });

  it("a DICOM file that inflates without end is refused", async () => {
    const { deflateRawSync } = await import("node:zlib");
    const whole = read("native-deflated.dcm");
    const group = 144 + whole.readUInt32LE(140);
    const bomb = deflateRawSync(Buffer.alloc(2 ** 29 + 2 ** 20));
    expect(await attempt(Buffer.concat([whole.subarray(0, group), bomb]))).toMatch(
      /this DICOM file inflates to more than 536870912 bytes$/,
    );
  });
});

/** HTJ2K's file with another transfer syntax: the same length, filled up with zeros. */
function uid(text: string): Buffer {
  const bytes = read("htj2k.dcm");
  const at = bytes.indexOf(Buffer.from("020010005549", "hex"));
  const length = bytes.readUInt16LE(at + 6);
  expect(text.length).toBeLessThanOrEqual(length);
  bytes.fill(0, at + 8, at + 8 + length);
  bytes.write(text, at + 8, "latin1");
  return bytes;
}

describe("a frame and a window", () => {
  it("a frame and a window are refused for pictures that are no DICOM files", async () => {
    const png = readFileSync("test/data/pictures/1-bit.png");
    expect(await attempt(png, { frame: 1 })).toBe("x is a PNG: a frame (--frame, frame) is for DICOM files");
  });

  it.each([
    { frame: 0 },
    { frame: 1.5 },
    { window: { center: NaN, width: 1 } },
    { window: { center: 1, width: 0 } },
  ])("a frame and a window that no file has are refused: %j", async (options) => {
    await expect(readPicture(read("ct.dcm"), options)).rejects.toMatchObject({ code: "bad-argument" });
  });
});
