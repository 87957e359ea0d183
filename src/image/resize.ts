/**
 * @file Bilinear resizing with half-pixel centres, as OpenCV's cv2.resize(INTER_LINEAR) does it:
 * 8-bit pictures bit for bit (resize.cpp: HResizeLinear, VResizeLinear, FixedPtCast), floats in f32.
 */

import { badArgument } from "../errors.js";
import { wholeOf, type Crop } from "./crop.js";
import { checkSize, type Picture, type Size } from "./picture.js";
import { roundHalfEven } from "./rounding.js";
import { say } from "../language/say.js";

/** OpenCV's INTER_RESIZE_COEF_SCALE: weights of the 8-bit path are rounded to 1/2048. */
const WEIGHT_ONE = 2048;

/** The target samples to compute along an axis, and the source samples to use. */
interface Sampling {
  /** Source samples a target sample. */
  readonly scale: number;
  /** The target samples: `count`, from `start` on. */
  readonly start: number;
  readonly count: number;
  /** The available source samples: `length`, from `origin` on. */
  readonly origin: number;
  readonly length: number;
}

/** For each target sample the two source samples it mixes, and the share of the second. */
interface Axis {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly share: Float32Array;
}

/** Resizes a picture; 8-bit samples equal cv2.resize's bit for bit. Returns the picture itself if the size is unchanged. */
export function resizePicture(picture: Picture, to: Size): Picture {
  checkSize(to);
  return resizeLikeOpenCv(picture, wholeOf(to));
}

/** The part `crop` of the picture resized to `crop.of`. Returns the picture itself if that is all of it at its own size. */
export function resizeLikeOpenCv(picture: Picture, crop: Crop): Picture {
  const { data, width, height, channels } = picture;
  const { of } = crop;
  const size = { width: crop.width, height: crop.height };
  if (isSameSize(of, picture) && isSameSize(size, picture)) return picture;
  const whole = (length: number, to: number, start: number, count: number): Sampling => {
    return { scale: scaleOf(length, to), start, count, origin: 0, length };
  };
  const x = whole(width, of.width, crop.left, crop.width);
  const y = whole(height, of.height, crop.top, crop.height);
  const resized =
    data instanceof Uint8Array ? resizeBytes(data, x, y, channels) : resizeFloats(data, x, y, channels);
  return { data: resized, ...size, channels };
}

/**
 * Resizes a float map [H, W] as cv2.resize does a float32 array.
 * @throws GradlensError "bad-argument"
 */
export function resizeMap(map: Float32Array, from: Size, to: Size): Float32Array {
  const laid = layMap(map, from, to);
  return laid === map ? map.slice() : laid;
}

/**
 * Lays a float map [H, W] over a picture of size `to`. A map of the whole picture is resized to it. A map of a part (`crop`) fills
 * that part, and the rest gets the value `around`.
 * @returns the map itself if it has this size already
 * @throws GradlensError "bad-argument"
 */
export function layMap(
  map: Float32Array,
  from: Size,
  to: Size,
  crop: Crop = wholeOf(from),
  around = 0,
): Float32Array {
  checkMap(map, from);
  checkSize(to);
  if (isSameSize(from, to) && isSameSize(crop.of, to)) return map;
  const x = placed(crop.of.width, to.width, crop.left, from.width);
  const y = placed(crop.of.height, to.height, crop.top, from.height);
  const fillRow = floatRows(map, x, y, 1);
  const laid = new Float32Array(to.width * to.height).fill(around);
  for (let row = 0; row < y.count; row++) {
    const start = (y.start + row) * to.width + x.start;
    fillRow(row, laid.subarray(start, start + x.count));
  }
  return laid;
}

const isSameSize = (a: Size, b: Size): boolean => a.width === b.width && a.height === b.height;

/** The target samples, of `to` for `from`, whose centres lie in the `length` source samples from `origin` on; at least one. */
function placed(from: number, to: number, origin: number, length: number): Sampling {
  const scale = scaleOf(from, to);
  const first = Math.max(Math.ceil(origin / scale - 0.5), 0);
  const end = Math.min(Math.ceil((origin + length) / scale - 0.5), to);
  if (end > first) return { scale, start: first, count: end - first, origin, length };
  const middle = Math.min(Math.floor((origin + length / 2) / scale), to - 1);
  return { scale, start: middle, count: 1, origin, length };
}

/** OpenCV's scale, which may differ from from / to in the last bit. */
const scaleOf = (from: number, to: number): number => 1 / (to / from);

/** @throws GradlensError "bad-argument" unless a map holds height·width values */
export function checkMap(map: Float32Array, size: Size): void {
  checkSize(size);
  if (map.length === size.width * size.height) return;
  throw badArgument(
    say`a map of ${size.width}x${size.height} needs ${size.width * size.height} values, not ${map.length}`,
  );
}

/**
 * Source position (i + ½)·from/to − ½, and from it two indices inside the source and the second one's share.
 * @param round the precision of the position: f32 in OpenCV's 8-bit path, f64 in its float path
 * @param clampShare OpenCV zeroes the share outside the picture in x. In y it keeps the share and only clamps the indices.
 */
function axis(
  { scale, start, count, origin, length }: Sampling,
  round: (position: number) => number,
  clampShare: boolean,
): Axis {
  const first = new Int32Array(count);
  const second = new Int32Array(count);
  const share = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const position = round((start + i + 0.5) * scale - 0.5 - origin);
    const floor = Math.floor(position);
    const outside = floor < 0 || floor >= length - 1;
    first[i] = Math.min(Math.max(floor, 0), length - 1);
    second[i] = Math.min(Math.max(floor + 1, 0), length - 1);
    share[i] = clampShare && outside ? 0 : position - floor;
  }
  return { first, second, share };
}

/** An axis's weights as whole numbers of 1/2048. Both are rounded, so they need not sum to 2048. */
function fixedWeights({ share }: Axis): { a: Int32Array; b: Int32Array } {
  const a = Int32Array.from(share, (s) => roundHalfEven(Math.fround(1 - s) * WEIGHT_ONE));
  const b = Int32Array.from(share, (s) => roundHalfEven(s * WEIGHT_ONE));
  return { a, b };
}

function resizeBytes(data: Uint8Array, x: Sampling, y: Sampling, channels: number): Uint8Array {
  const xs = axis(x, Math.fround, true);
  const ys = axis(y, Math.fround, false);
  const stride = x.count * channels;
  const xWeight = fixedWeights(xs);
  const yWeight = fixedWeights(ys);
  const rowOf = rowCache(
    (row, out: Int32Array) => {
      const base = row * x.length * channels;
      for (let i = 0, o = 0; i < x.count; i++) {
        const p = base + xs.first[i]! * channels;
        const q = base + xs.second[i]! * channels;
        const wa = xWeight.a[i]!;
        const wb = xWeight.b[i]!;
        // The first of the vertical pass's two shifts: it depends on this row only.
        for (let c = 0; c < channels; c++) out[o++] = (data[p + c]! * wa + data[q + c]! * wb) >> 4;
      }
    },
    [new Int32Array(stride), new Int32Array(stride)],
  );

  const out = new Uint8Array(stride * y.count);
  for (let j = 0, o = 0; j < y.count; j++) {
    const upper = rowOf(ys.first[j]!);
    const lower = rowOf(ys.second[j]!);
    const wa = yWeight.a[j]!;
    const wb = yWeight.b[j]!;
    for (let i = 0; i < stride; i++) {
      out[o++] = (((wa * upper[i]!) >> 16) + ((wb * lower[i]!) >> 16) + 2) >> 2;
    }
  }
  return out;
}

function resizeFloats(data: Float32Array, x: Sampling, y: Sampling, channels: number): Float32Array {
  const fill = floatRows(data, x, y, channels);
  const stride = x.count * channels;
  const out = new Float32Array(stride * y.count);
  for (let j = 0; j < y.count; j++) fill(j, out.subarray(j * stride, (j + 1) * stride));
  return out;
}

/** Fills `out` with a target row, numbered from y.start on. Rising numbers reuse source rows and are cheapest. */
function floatRows(
  data: Float32Array,
  x: Sampling,
  y: Sampling,
  channels: number,
): (row: number, out: Float32Array) => void {
  const { fround } = Math;
  const exact = (position: number): number => position;
  const xs = axis(x, exact, true);
  const ys = axis(y, exact, false);
  const stride = x.count * channels;
  const rowOf = rowCache(
    (row, out: Float32Array) => {
      const base = row * x.length * channels;
      for (let i = 0, o = 0; i < x.count; i++) {
        const p = base + xs.first[i]! * channels;
        const q = base + xs.second[i]! * channels;
        const wb = xs.share[i]!;
        const wa = fround(1 - wb);
        for (let c = 0; c < channels; c++) out[o++] = fround(data[p + c]! * wa) + fround(data[q + c]! * wb);
      }
    },
    [new Float32Array(stride), new Float32Array(stride)],
  );

  return (row, out) => {
    const upper = rowOf(ys.first[row]!);
    const lower = rowOf(ys.second[row]!);
    const wb = ys.share[row]!;
    const wa = fround(1 - wb);
    for (let i = 0; i < stride; i++) out[i] = fround(upper[i]! * wa) + fround(lower[i]! * wb);
  };
}

/** Source rows after the horizontal pass. The last two are kept, because neighbouring target rows share them. */
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
