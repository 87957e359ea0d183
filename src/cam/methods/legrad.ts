/** @file LeGrad: how the label's score at each layer grows with that layer's attention to a patch. */

import { grad } from "../../graph/grad.js";
import { substitute } from "../../graph/substitute.js";
import type { Builder } from "../../graph/builder.js";
import type { Node } from "../../graph/types.js";
import { attentionsOf, checkAttentions, patchMap, type Attentions } from "./attention.js";
import type { WholeModelMethod } from "./method.js";
import { phrase } from "../../language/say.js";

/**
 * The score of layer l is the model's own norm and head, applied to the mean of the layer's tokens. The map is the mean over
 * heads, queries and layers of ReLU(gradient of the score with respect to the layer's attention).
 * @param logits [B, classes] @param seed [B, classes], the gradient of the explained value
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

export const legrad: WholeModelMethod = {
  title: TITLE,
  paper: "Bousselham et al., ICCV 2025, https://arxiv.org/abs/2404.03214",
  question: phrase`Where would more attention raise the score?`,
  group: "attention",
  cost: "pass",
  flat: phrase`more attention to a patch would raise the label's score nowhere, or by as much at every patch`,
  check: (model) => checkAttentions(model, TITLE),
  map({ template, seed }) {
    return legradMap(template.graph, attentionsOf(template)!, template.logits, seed);
  },
};
