/** @file LeGrad: how the label's score at each layer would grow with that layer's attention to a patch. */

import { firstRows } from "../../graph/first-rows.js";
import { grad } from "../../graph/grad.js";
import { replay } from "../../graph/replay.js";
import type { Builder } from "../../graph/builder.js";
import type { Node } from "../../graph/types.js";
import { attentionsOf, checkAttentions, patchMap, type Attentions } from "../attention.js";
import type { GraphMethod } from "../method.js";

/**
 * Equations 5 to 8: the score s_l is the model's own head on the tokens of layer l; its gradient with respect to the
 * layer's attention, ReLU, mean over heads, queries and layers. The head reads the tokens before the patches alone, and
 * behind its attention a layer keeps tokens apart: for all other queries the gradient is zero, and nothing is computed.
 * @param logits [B, classes] @param seed of their shape, the gradient of what is explained
 * @returns [B, h, w]
 */
export function legradMap(b: Builder, { layers, layout }: Attentions, logits: Node, seed: Node): Node {
  const { prefix } = layout;
  const outputs = layers.map(({ output }) => output);
  const last = outputs.at(-1)!;
  const maps = layers.map(({ node, output }) => {
    const [, heads, tokens] = node.shape as [number, number, number];
    const read = firstRows(b, output, 1, prefix, new Set(outputs));
    const score = replay(b, logits, last, b.pad(read, 1, 0, tokens - prefix));
    const [g] = grad(b, score, seed, [b.slice(node, 2, 0, prefix)]);
    const wanted = b.relu(b.matmul(g!, node.inputs[2]!, { transposeB: true }));
    return b.mul(b.sum(wanted, [1, 2]), 1 / (heads * tokens));
  });
  const sum = maps.reduce((total, map) => b.add(total, map));
  return patchMap(b, b.mul(sum, 1 / maps.length), layout);
}

const TITLE = "LeGrad";

export const legrad: GraphMethod = {
  title: TITLE,
  paper: "Bousselham et al., ICCV 2025, https://arxiv.org/abs/2404.03214",
  needs: "attention",
  flat: "more attention to a patch would raise the label's score nowhere, or by as much at every patch",
  check: (template, model) => checkAttentions(template, TITLE, model),
  map({ model: { template }, seed }) {
    return legradMap(template.graph, attentionsOf(template)!, template.logits, seed);
  },
};
