/**
 * @file Weights for test models, made rather than stored: the same rule in Python made the models behind the golden
 * data, so they are equal bit for bit.
 */

import { sizeOf, type Shape } from "../../src/graph/shape.js";

export interface Tensor<T = Float32Array> {
  readonly shape: Shape;
  readonly data: T;
}

/** Integer buffers keep the model's own values and take no part in inference. */
const INTEGER_BUFFERS = new Set(["num_batches_tracked", "relative_position_index"]);
const EMBEDDINGS = new Set(["pos_embed", "cls_token", "relative_position_bias_table"]);

const encoder = new TextEncoder();

function fnv1a32(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of encoder.encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

function lowbias32(value: number): number {
  let x = value;
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  x ^= x >>> 16;
  return x >>> 0;
}

/** value = offset + scale * u, with u uniform in -1..1. */
function spread(key: string, shape: Shape, gain: number): [offset: number, scale: number] {
  const last = key.split(".").at(-1)!;
  if (last === "running_var") return [1, 0.3];
  if (EMBEDDINGS.has(last)) return [0, 0.2];
  if (last === "logit_scale") return [3, 2.5];
  if (last !== "weight") return [0, 0.1];
  if (shape.length < 2) return [1, 0.1];
  return [0, gain * Math.sqrt(3 / sizeOf(shape.slice(1)))];
}

/** One tensor of `makeWeights`. */
export function makeWeight(key: string, shape: Shape, seed: number, gain: number): Float32Array {
  const [offset, scale] = spread(key, shape, gain);
  const base = fnv1a32(key) ^ lowbias32(seed);
  const data = new Float32Array(sizeOf(shape));
  for (let i = 0; i < data.length; i++) {
    const u = (lowbias32((base + i) | 0) >>> 8) / 2 ** 23 - 1;
    data[i] = offset + scale * u;
  }
  return data;
}

/**
 * A state dict's floating-point tensors, by key.
 * @param keys the state dict's keys and shapes, as in test/data/golden/*.keys.json
 * @param gain of the layers' weights: sqrt 2 for networks of ReLUs, 1 for others
 */
export function makeWeights(
  keys: Readonly<Record<string, Shape>>,
  seed: number,
  gain: number,
): Map<string, Tensor> {
  const weights = new Map<string, Tensor>();
  for (const [key, shape] of Object.entries(keys)) {
    if (INTEGER_BUFFERS.has(key.split(".").at(-1)!)) continue;
    weights.set(key, { shape, data: makeWeight(key, shape, seed, gain) });
  }
  return weights;
}
