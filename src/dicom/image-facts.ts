/** @file Reads and checks a DICOM file's Image Pixel Module (PS3.3 C.7.6.3). */

import type { DataSet } from "dicom-parser";
import { elementOf, numberOf, TAGS, textOf, uint16Of } from "./data-set.js";
import type { Size } from "../image/picture.js";
import { problem } from "./problem.js";
import { say } from "../language/say.js";

export const PHOTOMETRICS = [
  "MONOCHROME1",
  "MONOCHROME2",
  "PALETTE COLOR",
  "RGB",
  "YBR_FULL",
  "YBR_FULL_422",
  "YBR_ICT",
  "YBR_RCT",
] as const;

export type Photometric = (typeof PHOTOMETRICS)[number];

export interface ImageFacts extends Size {
  readonly frames: number;
  readonly photometric: Photometric;
  /** Samples a pixel. */
  readonly samples: 1 | 3;
  /** Planar: all pixels of one sample, then all of the next. */
  readonly planar: boolean;
  readonly bitsAllocated: 1 | 8 | 16 | 32 | 64;
  readonly bitsStored: number;
  /** The position of a sample's lowest bit in its word. */
  readonly shift: number;
  readonly signed: boolean;
  /** Samples are IEEE floats of `bitsAllocated` bits. */
  readonly float: boolean;
  readonly bigEndian: boolean;
  /** Stored values that are padding, ends included. */
  readonly padding?: readonly [from: number, to: number];
}

const ALLOCATED: readonly number[] = [1, 8, 16, 32];

/** @throws GradlensError "bad-picture" for missing, contradictory or unsupported facts */
export function readFacts(data: DataSet, bigEndian: boolean): ImageFacts {
  const pixels = [TAGS.pixels, TAGS.floatPixels, TAGS.doublePixels].find((tag) => elementOf(data, tag));
  if (pixels === undefined) throw problem(say`holds no picture (no pixel data)`);
  const float = pixels !== TAGS.pixels;
  const height = needed(uint16Of(data, TAGS.rows), "rows");
  const width = needed(uint16Of(data, TAGS.columns), "columns");
  const frames = numberOf(data, TAGS.frames, say`number of frames`) ?? 1;
  if (!Number.isInteger(frames) || frames < 1)
    throw problem(say`holds no frame (its number of frames is not a whole number above 0)`);
  const photometric = photometricOf(data);
  const samples = uint16Of(data, TAGS.samplesPerPixel) ?? 1;
  const colours = /^(RGB|YBR)/.test(photometric) ? 3 : 1;
  if (samples !== colours) {
    throw problem(say`has ${samples} samples a pixel where ${photometric} has ${colours}`);
  }
  const bits = float ? floatBits(pixels) : integerBits(data);
  const signed = !float && uint16Of(data, TAGS.signed) === 1;
  const padding = float ? undefined : paddingOf(data, signed);
  return {
    width,
    height,
    frames,
    photometric,
    samples: colours,
    planar: samples === 3 && uint16Of(data, TAGS.planar) === 1,
    ...bits,
    signed,
    float,
    bigEndian,
    ...(padding && { padding }),
  };
}

function needed(value: number | undefined, what: string): number {
  if (value !== undefined && value >= 1) return value;
  throw problem(say`holds no picture: it has no ${what}`);
}

function photometricOf(data: DataSet): Photometric {
  const said = textOf(data, TAGS.photometric);
  const known = PHOTOMETRICS.find((name) => name === said);
  if (known !== undefined) return known;
  throw problem(say`has an unsupported photometric interpretation (supported: ${PHOTOMETRICS.join(", ")})`);
}

type Bits = Pick<ImageFacts, "bitsAllocated" | "bitsStored" | "shift">;

function floatBits(pixels: string): Bits {
  const bits = pixels === TAGS.floatPixels ? 32 : 64;
  return { bitsAllocated: bits, bitsStored: bits, shift: 0 };
}

function integerBits(data: DataSet): Bits {
  const allocated = uint16Of(data, TAGS.bitsAllocated) ?? 0;
  const stored = uint16Of(data, TAGS.bitsStored) ?? allocated;
  const high = uint16Of(data, TAGS.highBit) ?? stored - 1;
  if (!ALLOCATED.includes(allocated)) {
    throw problem(say`has ${allocated} bits allocated a sample, not one of ${ALLOCATED.join(", ")}`);
  }
  const shift = high - stored + 1;
  if (stored < 1 || stored > allocated || shift < 0 || high >= allocated) {
    throw problem(say`has ${stored} bits up to bit ${high} in samples of ${allocated} bits`);
  }
  return { bitsAllocated: allocated as Bits["bitsAllocated"], bitsStored: stored, shift };
}

/** Pixel Padding Value, up to its Range Limit (C.7.5.1.1.2). */
function paddingOf(data: DataSet, signed: boolean): readonly [number, number] | undefined {
  const sign = (value: number | undefined): number | undefined =>
    signed && value !== undefined ? (value << 16) >> 16 : value;
  const value = sign(uint16Of(data, TAGS.padding));
  if (value === undefined) return undefined;
  const limit = sign(uint16Of(data, TAGS.paddingLimit)) ?? value;
  return [Math.min(value, limit), Math.max(value, limit)];
}
