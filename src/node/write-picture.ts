/** @file Writes pictures and maps: PNG (8-bit RGB and grey, 16-bit grey), JPEG and WebP. */

import { extname } from "node:path";
import { badArgument } from "../errors.js";
import { checkPicture, type Picture, type Size } from "../image/picture.js";
import { bytesOf, quantised } from "../image/quantise.js";
import { checkMap } from "../image/resize.js";
import { writeFileAtomically } from "./atomic.js";
import { say } from "../language/say.js";

export type PictureFormat = "png" | "jpeg" | "webp";

const FORMATS: Readonly<Record<string, PictureFormat>> = {
  ".png": "png",
  ".jpg": "jpeg",
  ".jpeg": "jpeg",
  ".webp": "webp",
};

/** PNG's colour types. */
const GREY = 0;
const RGB = 2;

/**
 * Two ways to pack rows, in pngjs's words. Paeth's filter with zlib's run-length strategy suits photographs in colour: files
 * are within 2 % of the smallest, in a quarter of the time of pngjs's default. Row differences with zlib's search for
 * repetitions are 5 % to 25 % smaller on overlays of grey pictures, as radiographs, and take three times as long.
 */
const PACKINGS = [
  { filterType: 4, deflateStrategy: 3 },
  { filterType: 2, deflateStrategy: 0, deflateLevel: 6 },
] as const;
/** The share of the rows, from the middle, that chooses between them. */
const SAMPLE = 1 / 8;
/** The slower one must be this much smaller there. */
const WORTH = 0.97;

/** Without chroma subsampling, because a heat map is all colour edges. */
const JPEG = { quality: 95, chromaSubsampling: "4:4:4" } as const;

/** Its colours are always subsampled; smartSubsample keeps their edges. */
const WEBP = { quality: 95, smartSubsample: true } as const;

/** The format of a file's suffix. @throws GradlensError "bad-argument" for any other than .png, .jpg, .jpeg and .webp */
export function pictureFormat(path: string): PictureFormat {
  const format = FORMATS[extname(path).toLowerCase()];
  if (format) return format;
  throw badArgument(say`${path}: pictures are written as .png, .jpg or .webp; end the name in one of them`);
}

/** Encodes a picture, grey or RGB; float samples (0..1) are rounded to 8 bits. @throws GradlensError "bad-picture" */
export async function encodePicture(picture: Picture, format: PictureFormat): Promise<Uint8Array> {
  checkPicture(picture);
  const { width, height, channels } = picture;
  const data = bytesOf(picture);
  if (format === "png") return encodePng(data, picture, channels === 3 ? RGB : GREY, 8);
  const { default: sharp } = await import("sharp");
  const raw = sharp(data, { raw: { width, height, channels } });
  if (format === "webp") return raw.webp(WEBP).toBuffer();
  return raw
    .toColourspace(channels === 3 ? "srgb" : "b-w")
    .jpeg(JPEG)
    .toBuffer();
}

/**
 * A map of 0..1 as a grey PNG of its size: 0 is black, 1 is white, rounded to 8 or 16 bits.
 * @throws GradlensError "bad-argument" for a map that does not fit its size
 */
export async function encodeHeat(map: Float32Array, size: Size, bits: 8 | 16): Promise<Uint8Array> {
  checkMap(map, size);
  return encodePng(quantised(map, bits), size, GREY, bits);
}

/** Encodes by the suffix of `path` and writes atomically. @throws GradlensError "bad-argument", "bad-picture" or "bad-file" */
export async function writePicture(path: string, picture: Picture): Promise<void> {
  writeFileAtomically(path, await encodePicture(picture, pictureFormat(path)));
}

async function encodePng(
  samples: Uint8Array | Uint16Array,
  { width, height }: Size,
  colorType: typeof GREY | typeof RGB,
  bitDepth: 8 | 16,
): Promise<Uint8Array> {
  const { PNG } = await import("pngjs");
  const write = (rows: Uint8Array | Uint16Array, packing: (typeof PACKINGS)[number]): Uint8Array => {
    const png = new PNG({ width, height: (height * rows.length) / samples.length });
    // pngjs reads 16-bit samples through their buffer, in the machine's byte order.
    png.data = Buffer.from(rows.buffer, rows.byteOffset, rows.byteLength);
    const kind = { colorType, inputColorType: colorType, inputHasAlpha: false, bitDepth };
    return PNG.sync.write(png, { ...kind, ...packing });
  };
  const row = samples.length / height;
  const count = Math.ceil(height * SAMPLE);
  const from = Math.floor((height - count) / 2);
  const sample = samples.slice(from * row, (from + count) * row);
  const [fast, small] = PACKINGS;
  const isWorth = write(sample, small).length < WORTH * write(sample, fast).length;
  return write(samples, isWorth ? small : fast);
}
