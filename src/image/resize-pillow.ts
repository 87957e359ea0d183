/**
 * @file Resizes as Pillow's Image.resize does (Resample.c), bilinear and bicubic: when a picture shrinks, its filter grows with
 * the scale (antialiasing). 8-bit pictures agree bit for bit; floats are f64, rounded to f32 after each pass.
 */

import type { Crop } from "./crop.js";
import { samplesLike, type Picture, type Size } from "./picture.js";

export type PillowFilter = "bilinear" | "bicubic";

interface Kernel {
  /** The filter's support: pixels on each side of the centre, before the filter grows. */
  readonly support: number;
  readonly at: (distance: number) => number;
}

const KERNELS: Readonly<Record<PillowFilter, Kernel>> = {
  bilinear: { support: 1, at: (x) => Math.max(1 - Math.abs(x), 0) },
  bicubic: { support: 2, at: (x) => cubic(Math.abs(x), -0.5) },
};

/** Keys' cubic convolution. */
function cubic(x: number, a: number): number {
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

/** Resample.c's PRECISION_BITS, 32 − 8 − 2: weights of the 8-bit path are whole numbers of 1/2^22. */
const PRECISION_BITS = 22;
const WEIGHT_ONE = 1 << PRECISION_BITS;

/** For each target sample its first source sample and its weights. Each has `size` weights, of which `count` are used. */
interface Weights {
  readonly first: Int32Array;
  readonly count: Int32Array;
  readonly size: number;
  readonly values: Float64Array;
}

/**
 * The part `crop` of the picture resized to `crop.of`, in two passes in the order of `yFirst`. 8-bit samples are rounded between
 * the passes.
 */
export function resizeLikePillow(picture: Picture, crop: Crop, filter: PillowFilter): Picture {
  const { data, channels } = picture;
  const fixed = data instanceof Uint8Array;
  const kernel = KERNELS[filter];
  const xs = weightsOf(picture.width, crop.of.width, crop.left, crop.width, kernel, fixed);
  const ys = weightsOf(picture.height, crop.of.height, crop.top, crop.height, kernel, fixed);
  const size = { width: crop.width, height: crop.height };
  if (yFirst(picture, crop.of)) {
    const shrunk = passInY(data, picture.width * channels, ys, 0);
    return { data: passInX(shrunk, picture.width, 0, crop.height, channels, xs), ...size, channels };
  }
  // Only the rows that the second pass reads.
  const top = ys.first[0]!;
  const bottom = ys.first[crop.height - 1]! + ys.count[crop.height - 1]!;
  const rows = passInX(data, picture.width, top, bottom, channels, xs);
  return { data: passInY(rows, crop.width * channels, ys, top), ...size, channels };
}

/**
 * Pillow's order of passes since 13.0, found by experiment: y first where the height shrinks by more than twice what the width
 * does. Before 13.0: never. The order changes the last bit only, by the rounding between the passes.
 */
function yFirst(from: Size, to: Size): boolean {
  return to.height < from.height && 2 * (from.width - to.width) < from.height - to.height;
}

/** Every row from `top` to `bottom`, exclusive, at its new width. */
function passInX(
  data: Picture["data"],
  width: number,
  top: number,
  bottom: number,
  channels: number,
  xs: Weights,
): Picture["data"] {
  const fixed = data instanceof Uint8Array;
  const out = samplesLike(data, xs.first.length * channels * (bottom - top));
  for (let y = top, o = 0; y < bottom; y++) {
    const base = y * width * channels;
    for (let x = 0; x < xs.first.length; x++) {
      for (let c = 0; c < channels; c++) {
        out[o++] = finish(weightedSum(data, base + c, channels, xs, x), fixed);
      }
    }
  }
  return out;
}

/** The columns of rows of `stride` samples at their new height. The first row is the picture's row `top`. */
function passInY(data: Picture["data"], stride: number, ys: Weights, top: number): Picture["data"] {
  const fixed = data instanceof Uint8Array;
  const out = samplesLike(data, stride * ys.first.length);
  for (let y = 0, o = 0; y < ys.first.length; y++) {
    for (let i = 0; i < stride; i++) {
      out[o++] = finish(weightedSum(data, i - top * stride, stride, ys, y), fixed);
    }
  }
  return out;
}

function weightedSum(
  data: Picture["data"],
  base: number,
  step: number,
  { first, count, size, values }: Weights,
  target: number,
): number {
  let sum = 0;
  const places = count[target]!;
  for (let k = 0, at = base + first[target]! * step, w = target * size; k < places; k++, at += step, w++) {
    sum += data[at]! * values[w]!;
  }
  return sum;
}

/** Rounds 8-bit sums, in 1/2^22, with halves up, and clips to 0..255. Sums of whole numbers below 2^53 are exact. */
function finish(sum: number, fixed: boolean): number {
  if (!fixed) return sum;
  return Math.min(Math.max((sum + WEIGHT_ONE / 2) >> PRECISION_BITS, 0), 255);
}

/** Resample.c's precompute_coeffs, for `count` target samples from `start` on. `fixed`: normalize_coeffs_8bpc too. */
function weightsOf(
  from: number,
  to: number,
  start: number,
  count: number,
  kernel: Kernel,
  fixed: boolean,
): Weights {
  const scale = from / to;
  const grown = Math.max(scale, 1);
  const support = kernel.support * grown;
  const size = Math.ceil(support) * 2 + 1;
  const weights: Weights = {
    first: new Int32Array(count),
    count: new Int32Array(count),
    size,
    values: new Float64Array(count * size),
  };
  for (let i = 0; i < count; i++) {
    const centre = (start + i + 0.5) * scale;
    const first = Math.max(Math.trunc(centre - support + 0.5), 0);
    const end = Math.min(Math.trunc(centre + support + 0.5), from);
    const own = weights.values.subarray(i * size, i * size + end - first);
    let sum = 0;
    for (let k = 0; k < own.length; k++) {
      own[k] = kernel.at((k + first - centre + 0.5) * (1 / grown));
      sum += own[k]!;
    }
    for (let k = 0; k < own.length; k++) {
      const share = sum === 0 ? own[k]! : own[k]! / sum;
      // Halves away from zero, as C's cast of ±0.5 + x.
      own[k] = fixed ? Math.trunc(share * WEIGHT_ONE + (share < 0 ? -0.5 : 0.5)) : share;
    }
    weights.first[i] = first;
    weights.count[i] = own.length;
  }
  return weights;
}
