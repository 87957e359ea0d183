/** @file Finds the connected regions of a heat map above a threshold: their boxes, areas, heat and mask. */

import { badArgument } from "../errors.js";
import { connectRuns, type PixelRun } from "./components.js";
import type { Crop } from "./crop.js";
import type { Picture, Size } from "./picture.js";
import { layMap } from "./resize.js";
import { encodeRle, type Box, type Rle } from "./rle.js";
import { checkThreshold, thresholdLevel, type Threshold } from "./threshold.js";
import { say } from "../language/say.js";

export interface RegionOptions {
  /** Default: otsu. */
  readonly threshold?: Threshold;
  /** Regions smaller than this share of the picture's pixels are dropped. Default 0: none. */
  readonly minArea?: number | undefined;
  /** The part of the picture that the map covers; the rest has no heat. Default: all of it. */
  readonly crop?: Crop | undefined;
}

/** One connected region. All numbers are in pixels of the picture. */
export interface Region {
  /** The least axis-aligned box around it. */
  readonly box: Box;
  readonly area: number;
  readonly meanHeat: number;
  readonly maxHeat: number;
  /** Its first pixel of maximal heat. */
  readonly peak: readonly [x: number, y: number];
  readonly segmentation: Rle;
}

export interface Segmented {
  /** The hottest first; of equals the topmost first. */
  readonly regions: readonly Region[];
  /** 255 in a region, else 0: one grey channel of the picture's size. */
  readonly mask: Picture;
}

export interface Regions extends Segmented {
  /** The least heat of a region's pixels. */
  readonly level: number;
}

/**
 * The regions of a map [H, W] of 0..1 (`mapSize`), laid over a picture as `overlay` lays it. A region's pixels have at least the
 * threshold's level and more than 0; pixels that touch, at corners too, are one region. Negative values of a signed map count as 0.
 * @throws GradlensError "bad-argument" for an invalid threshold, a share outside 0..1 or a map that does not fit its size
 */
export function findRegions(
  map: Float32Array,
  mapSize: Size,
  picture: Size,
  { threshold = "otsu", minArea = 0, crop }: RegionOptions = {},
): Regions {
  if (!(minArea >= 0 && minArea <= 1)) {
    throw badArgument(say`minArea ${minArea}: give a share of the picture, from 0 to 1`);
  }
  checkThreshold(threshold);
  const { width, height } = picture;
  const laid = layMap(map, mapSize, picture, crop);
  const level = thresholdLevel(laid, threshold);
  return { level, ...segment(laid, { width, height }, level, minArea * width * height) };
}

/** The regions of at least `leastArea` pixels in a map of this size, with a heat of at least `level` and above 0. */
export function segment(map: Float32Array, size: Size, level: number, leastArea: number): Segmented {
  // Heat is f32: a level of 0.9 means the nearest f32.
  const found = hotRegions(map, size, Math.fround(level), leastArea);
  const mask = new Uint8Array(size.width * size.height);
  for (const { y, start, end } of found.flat()) mask.fill(255, y * size.width + start, y * size.width + end);
  const regions = found.map((runs) => regionOf(runs, size)).sort((a, b) => b.maxHeat - a.maxHeat);
  return { regions, mask: { data: mask, ...size, channels: 1 } };
}

/** A run of pixels in a region, with its heat. */
interface HotRun extends PixelRun {
  readonly sum: number;
  readonly max: number;
  /** The x of its first pixel of maximal heat. */
  readonly hottest: number;
}

/** The runs of every region of at least `least` pixels, regions in the order of their first pixels. */
function hotRegions(map: Float32Array, { width, height }: Size, level: number, least: number): HotRun[][] {
  const runs: HotRun[] = [];
  for (let y = 0; y < height; y++) {
    const row = map.subarray(y * width, (y + 1) * width);
    for (let x = 0; x < row.length; x++) {
      if (!isHot(row[x]!, level)) continue;
      const start = x;
      let sum = 0;
      let hottest = x;
      for (; x < row.length && isHot(row[x]!, level); x++) {
        sum += row[x]!;
        if (row[x]! > row[hottest]!) hottest = x;
      }
      runs.push({ y, start, end: x, sum, max: row[hottest]!, hottest });
    }
  }
  return connectRuns(runs).filter((region) => areaOf(region) >= least);
}

/** A pixel without heat is in no region, even at a level of 0. */
function isHot(heat: number, level: number): boolean {
  return heat >= level && heat > 0;
}

function areaOf(runs: readonly PixelRun[]): number {
  return runs.reduce((area, { start, end }) => area + end - start, 0);
}

function regionOf(runs: readonly HotRun[], size: Size): Region {
  const left = runs.reduce((least, { start }) => Math.min(least, start), Infinity);
  const right = runs.reduce((most, { end }) => Math.max(most, end), 0);
  const top = runs[0]!.y;
  const box = [left, top, right - left, runs.at(-1)!.y + 1 - top] as const;
  const area = areaOf(runs);
  const hottest = runs.reduce((best, run) => (run.max > best.max ? run : best));
  return {
    box,
    area,
    meanHeat: runs.reduce((sum, run) => sum + run.sum, 0) / area,
    maxHeat: hottest.max,
    peak: [hottest.hottest, hottest.y],
    segmentation: encodeRle(runs, box, size),
  };
}
