/** @file The least heat of a region: a fixed value, Otsu's level, or a percentile. */

import { badArgument } from "../errors.js";
import { say } from "../language/say.js";

/** A heat of 0..1; `otsu`: the level that divides the map's own heat best; `p95`: the 95th percentile of all pixels' heat. */
export type Threshold = number | "otsu" | `p${number}`;

const BINS = 256;

/**
 * Reads a threshold.
 * @param shown the threshold as the user wrote it
 * @throws GradlensError "bad-argument"
 */
export function parseThreshold(text: string, shown = say`threshold "${text}"`): Threshold {
  const word = text.trim().toLowerCase();
  const [, percentile, number] = /^(p?)([\d.]+(?:e[+-]?\d+)?)$/.exec(word) ?? [];
  const value = Number(number);
  const threshold = word === "otsu" ? word : percentile === "p" ? (`p${value}` as const) : value;
  checkThreshold(threshold, shown);
  return threshold;
}

/** @throws GradlensError "bad-argument" */
export function checkThreshold(threshold: Threshold, shown = say`threshold "${threshold}"`): void {
  const share = typeof threshold === "number" ? threshold : percentOf(threshold) / 100;
  if (threshold === "otsu" || (share >= 0 && share <= 1)) return;
  throw badArgument(
    say`${shown}: give a heat from 0 to 1 (0.5), otsu, or a percentile from p0 to p100 (p95)`,
  );
}

const percentOf = (percentile: string): number => Number(percentile.slice(1));

/** The least heat of a region's pixels in a map. Negative values count as 0. */
export function thresholdLevel(map: Float32Array, threshold: Threshold): number {
  if (typeof threshold === "number") return threshold;
  return threshold === "otsu" ? otsuLevel(map) : percentileLevel(map, percentOf(threshold));
}

const heatOf = (value: number): number => (value > 0 ? value : 0);

/**
 * Otsu, "A threshold selection method from gray-level histograms", 1979, on 256 equal bins from the least heat to the greatest.
 * Divides after the bin with the greatest variance between both classes, w₀·w₁·(μ₀ − μ₁)², the first of equals.
 * @returns the bin's centre, as scikit-image's threshold_otsu; for a constant map its heat
 */
function otsuLevel(map: Float32Array): number {
  let min = Infinity;
  let max = -Infinity;
  for (const value of map) {
    const heat = heatOf(value);
    if (heat < min) min = heat;
    if (heat > max) max = heat;
  }
  if (!(max > min)) return min;
  const counts = new Float64Array(BINS);
  const scale = BINS / (max - min);
  for (const value of map) counts[Math.min(Math.floor((heatOf(value) - min) * scale), BINS - 1)]!++;
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
function percentileLevel(map: Float32Array, percent: number): number {
  const place = (percent / 100) * (map.length - 1);
  const lower = kthLeast(map, Math.floor(place));
  const share = place - Math.floor(place);
  return share === 0 ? lower : lower + (kthLeast(map, Math.floor(place) + 1) - lower) * share;
}

/**
 * The k-th least heat, from 0, exact and without sorting: by the upper half of its bits, then the lower. Read as whole numbers, the
 * bits of floats from 0 up have the order of the floats.
 */
function kthLeast(map: Float32Array, k: number): number {
  const words = new Uint32Array(map.buffer, map.byteOffset, map.length);
  const bitsAt = (i: number): number => (map[i]! > 0 ? words[i]! : 0);
  const upper = new Float64Array(2 ** 16);
  for (let i = 0; i < map.length; i++) upper[bitsAt(i) >>> 16]!++;
  const { bucket: high, rest } = bucketOf(upper, k);
  const lower = new Float64Array(2 ** 16);
  for (let i = 0; i < map.length; i++) if (bitsAt(i) >>> 16 === high) lower[bitsAt(i) & 0xffff]!++;
  const bits = Uint32Array.of((high << 16) | bucketOf(lower, rest).bucket);
  return new Float32Array(bits.buffer)[0]!;
}

/** The bucket that holds the k-th value, and its index in there. */
function bucketOf(counts: Float64Array, k: number): { bucket: number; rest: number } {
  let bucket = 0;
  let rest = k;
  while (rest >= counts[bucket]!) rest -= counts[bucket++]!;
  return { bucket, rest };
}
