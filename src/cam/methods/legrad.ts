/** @file LeGrad: how the label's score at each layer would grow with that layer's attention to a patch. */

import { grad } from "../../graph/grad.js";
import { substitute } from "../../graph/substitute.js";
import type { Builder } from "../../graph/builder.js";
import type { Node } from "../../graph/types.js";
import { attentionsOf, checkAttentions, patchMap, type Attentions } from "./attention.js";
import type { GraphMethod } from "./method.js";

/**
 * The score s_l is the model's own norm and head on the mean of all tokens of layer l; its gradient with respect to the
 * layer's attention, ReLU, mean over heads, queries and layers.
 * @param logits [B, classes] @param seed of their shape, the gradient of what is explained
 * @returns [B, h, w]
 */
export function legradMap(b: Builder, { layers, layout }: Attentions, logits: Node, seed: Node): Node {
  const last = layers.at(-1)!.output;
  const maps = layers.map(({ node, output }) => {
    const pooled = b.broadcast(b.mean(output, [1]), output.shape);
    const score = substitute(b, logits, last, pooled);
    const [g] = grad(b, score, seed, [node]);
    return b.mean(b.relu(b.matmul(g!, node.inputs[2]!, { transposeB: true })), [1, 2]);
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
  map({ template, seed }) {
    return legradMap(template.graph, attentionsOf(template)!, template.logits, seed);
  },
};
