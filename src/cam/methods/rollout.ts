/** @file Attention rollout: how much of each patch reaches the class token through all layers' attention. */

import type { Builder } from "../../graph/builder.js";
import type { Node } from "../../graph/types.js";
import { patchMap, type Attentions } from "../attention.js";

export type RolloutHeads = "mean" | "max" | "min";

export interface RolloutOptions {
  /** How the heads of a layer become one. */
  readonly heads: RolloutHeads;
  /** The share of each layer's smallest attentions that count as none, 0 (all count) to less than 1. */
  readonly discardRatio: number;
}

/** Halvings of the range in which a threshold is sought: within 1e-9 of the largest attention. */
const HALVINGS = 30;

/** Of probabilities [B, heads, N, N], [B, 1, N, N]. */
const FUSE: { readonly [K in RolloutHeads]: (b: Builder, p: Node) => Node } = {
  mean: (b, p) => b.mean(p, [1]),
  max: (b, p) => b.amax(p, [1]),
  min: (b, p) => b.amin(p, [1]),
};

/**
 * The smallest `ratio` of each matrix's entries set to 0, but never the class token's attention to itself. The threshold
 * is found by halving, for all layers at once; entries that equal it stay.
 * @param fused [B, layers, N, N], none negative
 */
function discard(b: Builder, fused: Node, ratio: number): Node {
  const N = fused.shape[3]!;
  const count = Math.floor(N * N * ratio);
  if (count === 0) return fused;
  const MATRIX = [2, 3];
  // No more than `count` entries are below `low`, and more are below `high` or all of these are equal to the largest.
  let high = b.amax(fused, MATRIX);
  let low = b.mul(high, 0);
  for (let i = 0; i < HALVINGS; i++) {
    const middle = b.mul(b.add(low, high), 0.5);
    const tooMany = b.greater(b.sum(b.greater(middle, fused), MATRIX), count + 0.5);
    high = b.select(tooMany, middle, high);
    low = b.select(tooMany, low, middle);
  }
  const first = new Float32Array(N * N);
  first[0] = 1;
  const isBelow = b.greater(b.greater(low, fused), b.constant(first, [N, N]));
  return b.select(isBelow, 0, fused);
}

/**
 * The class token's row of the product of all layers' (A + I) / row sum (equation 1), from the last layer down: with a row
 * r, r (A + I) / s = u A + u, where u = r / s.
 * @returns [B, h, w]
 */
export function rolloutMap(b: Builder, { layers, layout }: Attentions, o: RolloutOptions): Node {
  const fused = layers.map(({ node: { inputs, attrs } }) =>
    FUSE[o.heads](b, b.attentionProbabilities(inputs[0]!, inputs[1]!, undefined, attrs.scale)),
  );
  const kept = discard(b, b.concat(fused, 1), o.discardRatio);
  const [B, , N] = kept.shape as [number, number, number, number];
  const classToken = new Float32Array(N);
  classToken[0] = 1;
  let row = b.constant(classToken, [1, 1, N]);
  for (let i = layers.length - 1; i >= 0; i--) {
    const A = b.reshape(b.slice(kept, 1, i, i + 1), [B, N, N]);
    const sums = b.reshape(b.add(b.sum(A, [2]), 1), [B, 1, N]);
    const u = b.div(row, sums);
    row = b.add(b.matmul(u, A), u);
  }
  return patchMap(b, row, layout);
}
