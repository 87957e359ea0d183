/** @file LeGrad: how the label's score at each layer would grow with that layer's attention to a patch. */

import { grad } from "../../graph/grad.js";
import { replay } from "../../graph/replay.js";
import type { Builder } from "../../graph/builder.js";
import type { Node } from "../../graph/types.js";
import { patchMap, type Attentions } from "../attention.js";

/**
 * Equations 5 to 8: the score s_l is the model's own head on the tokens of layer l; its gradient with respect to the
 * layer's attention, ReLU, mean over heads, queries and layers.
 * @param seed the gradient of a score [B, classes]
 * @returns [B, h, w]
 */
export function legradMap(b: Builder, { layers, layout, logits }: Attentions, seed: Node): Node {
  const last = layers.at(-1)!.output;
  const maps = layers.map(({ node, output }) => {
    const score = replay(b, logits, last, output);
    const [g] = grad(b, score, seed, [node]);
    // The head reads the tokens before the patches alone: the gradient at other queries is zero.
    const queries = b.slice(g!, 2, 0, layout.prefix);
    const wanted = b.relu(b.matmul(queries, node.inputs[2]!, { transposeB: true }));
    const [, heads, , tokens] = wanted.shape as [number, number, number, number];
    return b.mul(b.sum(wanted, [1, 2]), 1 / (heads * tokens));
  });
  const sum = maps.reduce((total, map) => b.add(total, map));
  return patchMap(b, b.mul(sum, 1 / maps.length), layout);
}
