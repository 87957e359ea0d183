/** @file Attention rollout: how much of each patch reaches the class token through the attention of all layers. */

import type { Builder } from "../../graph/builder.js";
import type { Node } from "../../graph/types.js";
import { attentionsOf, checkAttentions, patchMap, probabilities, type Attentions } from "./attention.js";
import type { WholeModelMethod } from "./method.js";
import type { MapOptionValues } from "../map-options.js";
import { phrase } from "../../language/say.js";

/** Halvings of a threshold's range: it ends within 1e-9 of the largest attention. */
const HALVINGS = 30;

/** From probabilities [B, heads, N, N] to [B, 1, N, N]. */
const FUSE: { readonly [K in MapOptionValues["rolloutHeads"]]: (b: Builder, p: Node) => Node } = {
  mean: (b, p) => b.mean(p, [1]),
  max: (b, p) => b.amax(p, [1]),
  min: (b, p) => b.amin(p, [1]),
};

/**
 * Sets the smallest `ratio` of a matrix's entries to 0, but never the class token's attention to itself. Bisection finds the
 * threshold; entries equal to it stay.
 * @param A [B, N, N], no entry negative
 */
function discard(b: Builder, A: Node, ratio: number): Node {
  const N = A.shape[2]!;
  const count = Math.floor(N * N * ratio);
  if (count === 0) return A;
  // No more than `count` entries are below `low`; more are below `high`, or it is the largest.
  let high = b.amax(A, [1, 2]);
  let low = b.mul(high, 0);
  for (let i = 0; i < HALVINGS; i++) {
    const middle = b.mul(b.add(low, high), 0.5);
    const tooMany = b.greater(b.sum(b.greater(middle, A), [1, 2]), count + 0.5);
    high = b.select(tooMany, middle, high);
    low = b.select(tooMany, low, middle);
  }
  const classToItself = b.pad(b.pad(b.constant(1, [1, 1]), 0, 0, N - 1), 1, 0, N - 1);
  return b.select(b.greater(b.greater(low, A), classToItself), 0, A);
}

/**
 * The class token's row of the product of all layers' (A + I) / row sum (equation 1), from the last layer down: with a row
 * r, r (A + I) / s = u A + u, where u = r / s.
 * @param attention of each layer, [B, heads, N, N]
 * @returns [B, h, w]
 */
export function rolloutMap(
  b: Builder,
  attention: readonly Node[],
  layout: Attentions["layout"],
  { rolloutHeads, discardRatio }: Pick<MapOptionValues, "rolloutHeads" | "discardRatio">,
): Node {
  const [B, , N] = attention[0]!.shape as [number, number, number, number];
  let row = b.pad(b.constant(1, [1, 1, 1]), 2, 0, N - 1);
  for (const p of [...attention].reverse()) {
    const A = discard(b, b.reshape(FUSE[rolloutHeads](b, p), [B, N, N]), discardRatio);
    const u = b.div(row, b.reshape(b.add(b.sum(A, [2]), 1), [B, 1, N]));
    row = b.add(b.matmul(u, A), u);
  }
  return patchMap(b, row, layout);
}

const TITLE = "Attention rollout";

export const rollout: WholeModelMethod = {
  title: TITLE,
  paper: "Abnar and Zuidema, ACL 2020, https://arxiv.org/abs/2005.00928",
  question: phrase`How much of each patch reaches the class token?`,
  group: "attention",
  cost: "none",
  classAgnostic: true,
  flat: phrase`the class token attends equally to every patch`,
  reads: ["rolloutHeads", "discardRatio"],
  check: (model) => checkAttentions(model, TITLE),
  map({ template }, options) {
    const { layers, layout } = attentionsOf(template)!;
    return rolloutMap(template.graph, probabilities(template.graph, layers), layout, options);
  },
};
