/**
 * @file Bilinear resizing with half-pixel centres, as OpenCV's cv2.resize(INTER_LINEAR) does it:
 * 8-bit pictures bit for bit (resize.cpp: HResizeLinear, VResizeLinear, FixedPtCast), floats in f32.
 */

import { GradlensError } from "../errors.js";
import { checkSize, type Picture, type Size } from "./picture.js";

/** OpenCV's INTER_RESIZE_COEF_SCALE: weights of the 8-bit path are rounded to 1/2048. */
const WEIGHT_ONE = 2048;

/** For each target index the two source indices it mixes, and the share of the second. */
interface Axis {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly share: Float32Array;
}

/** Fills `out` (width·channels samples) with target row `y`. Cheapest when called with rising y. */
export type RowSource = (y: number, out: Float32Array) => void;

/** Resizes a picture; 8-bit samples equal cv2.resize's bit for bit. The picture itself when the size is its own. */
export function resizePicture(picture: Picture, to: Size): Picture {
  checkSize(to);
  const { data, width, height, channels } = picture;
  if (to.width === width && to.height === height) return picture;
  const resized =
    data instanceof Uint8Array
      ? resizeBytes(data, { width, height }, to, channels)
      : resizeFloats(data, { width, height }, to, channels);
  return { data: resized, width: to.width, height: to.height, channels };
}

/** Resizes a float map [H, W] (row after row) as cv2.resize does a float32 array. Throws `bad-argument`. */
export function resizeMap(map: Float32Array, from: Size, to: Size): Float32Array {
  checkMap(map, from);
  checkSize(to);
  return resizeFloats(map, from, to, 1);
}

/** The rows of a float map [H, W] resized to `to`, made one at a time: a whole map may be far larger than needed. */
export function resizedMapRows(map: Float32Array, from: Size, to: Size): RowSource {
  checkMap(map, from);
  checkSize(to);
  return floatRows(map, from, to, 1);
}

/** Throws `bad-argument` unless a map holds height·width values. */
export function checkMap(map: Float32Array, size: Size): void {
  checkSize(size);
  if (map.length === size.width * size.height) return;
  throw new GradlensError(
    "bad-argument",
    `a map of ${size.width}x${size.height} needs ${size.width * size.height} values, not ${map.length}`,
  );
}

/**
 * Source position (i + ½)·from/to − ½, and from it two indices inside the picture and the second one's share.
 * `round` is how the position is kept: OpenCV's 8-bit path has it in f32, its float path in f64.
 * `clampShare`: OpenCV zeroes the share outside the picture in x; in y it keeps the share and clamps the indices only.
 */
function axis(from: number, to: number, round: (position: number) => number, clampShare: boolean): Axis {
  const first = new Int32Array(to);
  const second = new Int32Array(to);
  const share = new Float32Array(to);
  const scale = 1 / (to / from);
  for (let i = 0; i < to; i++) {
    const position = round((i + 0.5) * scale - 0.5);
    const floor = Math.floor(position);
    const outside = floor < 0 || floor >= from - 1;
    first[i] = Math.min(Math.max(floor, 0), from - 1);
    second[i] = Math.min(Math.max(floor + 1, 0), from - 1);
    share[i] = clampShare && outside ? 0 : position - floor;
  }
  return { first, second, share };
}

/** cvRound: to the nearest whole number, halves to the even one. */
function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** An axis' weights as whole numbers of 1/2048. Both are rounded, so they need not sum to 2048. */
function fixedWeights({ share }: Axis): { a: Int32Array; b: Int32Array } {
  const a = Int32Array.from(share, (s) => roundHalfEven(Math.fround(1 - s) * WEIGHT_ONE));
  const b = Int32Array.from(share, (s) => roundHalfEven(s * WEIGHT_ONE));
  return { a, b };
}

function resizeBytes(data: Uint8Array, from: Size, to: Size, channels: number): Uint8Array {
  const xs = axis(from.width, to.width, Math.fround, true);
  const ys = axis(from.height, to.height, Math.fround, false);
  const xWeight = fixedWeights(xs);
  const yWeight = fixedWeights(ys);
  const rowOf = rowCache(
    (row, out: Int32Array) => {
      const base = row * from.width * channels;
      for (let x = 0, o = 0; x < to.width; x++) {
        const p = base + xs.first[x]! * channels;
        const q = base + xs.second[x]! * channels;
        const wa = xWeight.a[x]!;
        const wb = xWeight.b[x]!;
        // The first of the two shifts of the vertical pass is taken here: it depends on this row only.
        for (let c = 0; c < channels; c++) out[o++] = (data[p + c]! * wa + data[q + c]! * wb) >> 4;
      }
    },
    [new Int32Array(to.width * channels), new Int32Array(to.width * channels)],
  );

  const out = new Uint8Array(to.width * to.height * channels);
  for (let y = 0, o = 0; y < to.height; y++) {
    const upper = rowOf(ys.first[y]!);
    const lower = rowOf(ys.second[y]!);
    const wa = yWeight.a[y]!;
    const wb = yWeight.b[y]!;
    for (let i = 0; i < upper.length; i++) {
      out[o++] = (((wa * upper[i]!) >> 16) + ((wb * lower[i]!) >> 16) + 2) >> 2;
    }
  }
  return out;
}

function resizeFloats(data: Float32Array, from: Size, to: Size, channels: number): Float32Array {
  if (to.width === from.width && to.height === from.height) return data.slice();
  const fill = floatRows(data, from, to, channels);
  const stride = to.width * channels;
  const out = new Float32Array(stride * to.height);
  for (let y = 0; y < to.height; y++) fill(y, out.subarray(y * stride, (y + 1) * stride));
  return out;
}

function floatRows(data: Float32Array, from: Size, to: Size, channels: number): RowSource {
  const { fround } = Math;
  const exact = (position: number): number => position;
  const xs = axis(from.width, to.width, exact, true);
  const ys = axis(from.height, to.height, exact, false);
  const rowOf = rowCache(
    (row, out: Float32Array) => {
      const base = row * from.width * channels;
      for (let x = 0, o = 0; x < to.width; x++) {
        const p = base + xs.first[x]! * channels;
        const q = base + xs.second[x]! * channels;
        const wb = xs.share[x]!;
        const wa = fround(1 - wb);
        for (let c = 0; c < channels; c++) out[o++] = fround(data[p + c]! * wa) + fround(data[q + c]! * wb);
      }
    },
    [new Float32Array(to.width * channels), new Float32Array(to.width * channels)],
  );

  return (y, out) => {
    const upper = rowOf(ys.first[y]!);
    const lower = rowOf(ys.second[y]!);
    const wb = ys.share[y]!;
    const wa = fround(1 - wb);
    for (let i = 0; i < upper.length; i++) out[i] = fround(upper[i]! * wa) + fround(lower[i]! * wb);
  };
}

/** Source rows after the horizontal pass: the two last used are kept, as neighbouring target rows share them. */
function rowCache<Row>(fill: (row: number, out: Row) => void, buffers: [Row, Row]): (row: number) => Row {
  const held = [-1, -1];
  let oldest = 0;
  return (row) => {
    const at = held.indexOf(row);
    if (at >= 0) {
      oldest = 1 - at;
      return buffers[at]!;
    }
    const slot = oldest;
    fill(row, buffers[slot]!);
    held[slot] = row;
    oldest = 1 - slot;
    return buffers[slot]!;
  };
}
