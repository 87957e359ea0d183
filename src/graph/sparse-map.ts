/**
 * @file Constant sparse linear maps from one axis to another: out[o] = sum over t of weight[o, t] * in[index[o, t]].
 * Pooling, resizing, gathering and flipping are such maps, and so are their transposes; op `resample` applies one.
 */

import { invariant } from "../errors.js";

export interface SparseMap {
  readonly inSize: number;
  readonly outSize: number;
  /** Terms of an output; rows with fewer are filled with weight 0. */
  readonly taps: number;
  /** [outSize, taps] */
  readonly index: Int32Array;
  /** [outSize, taps] */
  readonly weight: Float32Array;
}

type Term = readonly [index: number, weight: number];

const known = new Map<string, SparseMap>();

/** Equal maps are one object: graphs and the weight store compare maps by identity. */
function fromRows(inSize: number, outSize: number, rowOf: (o: number) => readonly Term[]): SparseMap {
  const rows = range(outSize).map(rowOf);
  const taps = Math.max(1, ...rows.map((row) => row.length));
  const index = new Int32Array(outSize * taps);
  const weight = new Float32Array(outSize * taps);
  rows.forEach((row, o) => {
    row.forEach(([i, w], t) => {
      invariant(i >= 0 && i < inSize, `sparse map: index ${i} of ${inSize}`);
      index[o * taps + t] = i;
      weight[o * taps + t] = w;
    });
  });
  const key = [inSize, taps, index, weight].join("|");
  let map = known.get(key);
  if (!map) known.set(key, (map = { inSize, outSize, taps, index, weight }));
  return map;
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

const transposes = new WeakMap<SparseMap, SparseMap>();

/** The transposed map, which carries gradients back. */
export function transposed(map: SparseMap): SparseMap {
  const made = transposes.get(map);
  if (made) return made;
  const rows: Term[][] = Array.from({ length: map.inSize }, () => []);
  for (let o = 0; o < map.outSize; o++) {
    for (let t = 0; t < map.taps; t++) {
      const w = map.weight[o * map.taps + t]!;
      if (w !== 0) rows[map.index[o * map.taps + t]!]!.push([o, w]);
    }
  }
  const result = fromRows(map.outSize, map.inSize, (o) => rows[o]!);
  transposes.set(map, result);
  transposes.set(result, map);
  return result;
}

/** out[o] = in[indices[o]] */
export const gatherMap = (inSize: number, indices: ArrayLike<number>): SparseMap =>
  fromRows(inSize, indices.length, (o) => [[indices[o]!, 1]]);

export const flipMap = (size: number): SparseMap => fromRows(size, size, (o) => [[size - 1 - o, 1]]);

/** Output length of a pooling window, as torch.nn.AvgPool2d and MaxPool2d have it. */
export function pooledSize(
  size: number,
  w: { kernel: number; stride: number; padding: number; dilation?: number; ceil?: boolean },
): number {
  const span = size + 2 * w.padding - (w.dilation ?? 1) * (w.kernel - 1) - 1;
  if (!w.ceil) return Math.floor(span / w.stride) + 1;
  const out = Math.ceil(span / w.stride) + 1;
  // PyTorch: the last window must begin inside the picture or its left padding.
  return (out - 1) * w.stride >= size + w.padding ? out - 1 : out;
}

/** torch.nn.AvgPool2d along one axis (its two-dimensional weights are products of these). */
export function averageMap(
  size: number,
  w: { kernel: number; stride: number; padding: number; ceil?: boolean; countIncludePad?: boolean },
): SparseMap {
  return fromRows(size, pooledSize(size, w), (o) => {
    const start = o * w.stride - w.padding;
    const end = Math.min(start + w.kernel, size + w.padding);
    const inside = range(end - start)
      .map((i) => start + i)
      .filter((i) => i >= 0 && i < size);
    const count = (w.countIncludePad ?? true) ? end - start : inside.length;
    return inside.map((i) => [i, 1 / count]);
  });
}

/** torch.nn.AdaptiveAvgPool2d along one axis. */
export const adaptiveAverageMap = (inSize: number, outSize: number): SparseMap =>
  fromRows(inSize, outSize, (o) => {
    const start = Math.floor((o * inSize) / outSize);
    const end = Math.ceil(((o + 1) * inSize) / outSize);
    return range(end - start).map((i) => [start + i, 1 / (end - start)]);
  });

/**
 * Bilinear interpolation along one axis: torch.nn.functional.interpolate(mode="bilinear"), and cv2.resize's INTER_LINEAR
 * for floats where `alignCorners` is false.
 */
export const bilinearMap = (inSize: number, outSize: number, alignCorners = false): SparseMap =>
  fromRows(inSize, outSize, (o) => {
    const source = alignCorners
      ? outSize > 1
        ? (o * (inSize - 1)) / (outSize - 1)
        : 0
      : Math.max(0, ((o + 0.5) * inSize) / outSize - 0.5);
    const low = Math.min(Math.floor(source), inSize - 1);
    const high = Math.min(low + 1, inSize - 1);
    const fraction = Math.min(source - low, 1);
    return high === low
      ? [[low, 1]]
      : [
          [low, 1 - fraction],
          [high, fraction],
        ];
  });

/** Keys' cubic convolution; torch's bicubic has a = -0.75, its antialiased one -0.5. */
function cubic(x: number, a: -0.5 | -0.75): number {
  const t = Math.abs(x);
  if (t < 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
  if (t < 2) return (((t - 5) * t + 8) * t - 4) * a;
  return 0;
}

/**
 * torch.nn.functional.interpolate(mode="bicubic", antialias=True) along one axis: timm's resampling of position embeddings.
 * @param factor target's pixels for one of the source's, where `scale_factor` was given in place of a size
 */
export function bicubicAntialiasMap(inSize: number, outSize: number, factor?: number): SparseMap {
  const scale = factor === undefined ? inSize / outSize : 1 / factor;
  const support = Math.max(scale, 1);
  return fromRows(inSize, outSize, (o) => {
    const center = scale * (o + 0.5);
    const start = Math.max(0, Math.trunc(center - 2 * support + 0.5));
    const end = Math.min(inSize, Math.trunc(center + 2 * support + 0.5));
    const weights = range(end - start).map((i) => cubic((start + i - center + 0.5) / support, -0.5));
    const total = weights.reduce((sum, w) => sum + w, 0);
    return weights.map((w, i) => [start + i, w / total]);
  });
}

/**
 * torch.nn.functional.interpolate(mode="bicubic") along one axis.
 * @param scale target's pixels for one of the source's, where `scale_factor` was given in place of a size
 */
export const bicubicMap = (inSize: number, outSize: number, scale = outSize / inSize): SparseMap =>
  fromRows(inSize, outSize, (o) => {
    const center = (o + 0.5) / scale - 0.5;
    const first = Math.floor(center) - 1;
    const weights = new Map<number, number>();
    // Beyond the border its values repeat.
    for (let i = first; i < first + 4; i++) {
      const inside = Math.min(Math.max(i, 0), inSize - 1);
      weights.set(inside, (weights.get(inside) ?? 0) + cubic(i - center, -0.75));
    }
    return [...weights];
  });

/** Linear interpolation between values at rising `positions`, constant outside them. */
export const piecewiseLinearMap = (positions: readonly number[], targets: readonly number[]): SparseMap =>
  fromRows(positions.length, targets.length, (o) => {
    const target = targets[o]!;
    const right = positions.findIndex((p) => p >= target);
    if (right === 0) return [[0, 1]];
    if (right < 0) return [[positions.length - 1, 1]];
    const low = positions[right - 1]!;
    const fraction = (target - low) / (positions[right]! - low);
    return [
      [right - 1, 1 - fraction],
      [right, fraction],
    ];
  });
