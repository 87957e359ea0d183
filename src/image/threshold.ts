/** @file From which heat on a pixel belongs to a region: a fixed value, Otsu's, or a percentile. */

import { GradlensError } from "../errors.js";
import type { Size } from "./picture.js";
import type { RowSource } from "./resize.js";

/** A heat of 0..1; `otsu`: what divides the map's own heat best; `p95`: the 95th percentile of the heat of all pixels. */
export type Threshold = number | "otsu" | `p${number}`;

const BINS = 256;

/** Reads a threshold; `shown` is how the user wrote it. Throws `bad-argument`. */
export function parseThreshold(text: string, shown = `threshold "${text}"`): Threshold {
  const word = text.trim().toLowerCase();
  if (word === "otsu") return word;
  const [, percentile, number] = /^(p?)([\d.]+(?:e[+-]?\d+)?)$/.exec(word) ?? [];
  const value = Number(number);
  if (percentile === "" && value <= 1) return value;
  if (percentile === "p" && value <= 100) return `p${value}`;
  throw new GradlensError(
    "bad-argument",
    `${shown}: give a heat from 0 to 1 (0.5), otsu, or a percentile from p0 to p100 (p95)`,
  );
}

/** The least heat of a region's pixels, of a map without negative heat given by its rows. Throws `bad-argument` for what is no threshold. */
export function thresholdLevel(fillRow: RowSource, size: Size, threshold: Threshold): number {
  const checked = parseThreshold(String(threshold));
  if (typeof checked === "number") return checked;
  const row = new Float32Array(size.width);
  const eachRow: EachRow = (visit) => {
    for (let y = 0; y < size.height; y++) {
      fillRow(y, row);
      visit(row);
    }
  };
  return checked === "otsu"
    ? otsuLevel(eachRow)
    : percentileLevel(eachRow, size.width * size.height, Number(checked.slice(1)));
}

type EachRow = (visit: (row: Float32Array) => void) => void;

/**
 * Otsu, "A threshold selection method from gray-level histograms", 1979: of 256 equal bins from the least heat to the
 * greatest, the one after which the variance between both classes, w₀·w₁·(μ₀ − μ₁)², is greatest (the first of equals).
 * Gives its centre, as scikit-image's threshold_otsu; of a map that is the same everywhere its heat.
 */
function otsuLevel(eachRow: EachRow): number {
  let min = Infinity;
  let max = -Infinity;
  eachRow((row) => {
    for (const heat of row) {
      if (heat < min) min = heat;
      if (heat > max) max = heat;
    }
  });
  if (!(max > min)) return min;
  const counts = new Float64Array(BINS);
  const scale = BINS / (max - min);
  eachRow((row) => {
    for (const heat of row) counts[Math.min(Math.floor((heat - min) * scale), BINS - 1)]!++;
  });
  return min + (bestSplit(counts) + 0.5) / scale;
}

/** The last bin of the lower class. */
function bestSplit(counts: Float64Array): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const moment = counts.reduce((sum, count, bin) => sum + count * bin, 0);
  let best = { bin: 0, variance: -1 };
  let below = 0;
  let momentBelow = 0;
  for (let bin = 0; bin < BINS - 1; bin++) {
    below += counts[bin]!;
    momentBelow += counts[bin]! * bin;
    const above = total - below;
    const variance = below * above * (momentBelow / below - (moment - momentBelow) / above) ** 2;
    if (variance > best.variance) best = { bin, variance };
  }
  return best.bin;
}

/** numpy.percentile's default: linear between the two nearest of the sorted values. */
function percentileLevel(eachRow: EachRow, pixels: number, percent: number): number {
  const place = (percent / 100) * (pixels - 1);
  const lower = kthLeast(eachRow, Math.floor(place));
  const share = place - Math.floor(place);
  return share === 0 ? lower : lower + (kthLeast(eachRow, Math.floor(place) + 1) - lower) * share;
}

/** The value at place `k` of all values in order, exactly, without keeping them: by the upper half of its bits, then the lower. */
function kthLeast(eachRow: EachRow, k: number): number {
  const upper = new Float64Array(2 ** 16);
  eachRow((row) => {
    for (const word of bitsOf(row)) upper[word >>> 16]!++;
  });
  const { bucket: high, rest } = bucketOf(upper, k);
  const lower = new Float64Array(2 ** 16);
  eachRow((row) => {
    for (const word of bitsOf(row)) if (word >>> 16 === high) lower[word & 0xffff]!++;
  });
  const bits = Uint32Array.of((high << 16) | bucketOf(lower, rest).bucket);
  return new Float32Array(bits.buffer)[0]!;
}

/** Whole numbers in the order of the floats, where none is negative. */
const bitsOf = (row: Float32Array): Uint32Array => new Uint32Array(row.buffer, row.byteOffset, row.length);

/** The bucket that holds place `k`, and its place in there. */
function bucketOf(counts: Float64Array, k: number): { bucket: number; rest: number } {
  let bucket = 0;
  let rest = k;
  while (rest >= counts[bucket]!) rest -= counts[bucket++]!;
  return { bucket, rest };
}
