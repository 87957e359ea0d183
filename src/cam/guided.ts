/** @file Guided backprop (Springenberg et al. 2015, https://arxiv.org/abs/1412.6806) and its product with a heat map. */

import { GradlensError } from "../errors.js";
import type { GradRules } from "../graph/grad.js";
import type { Node } from "../graph/types.js";

/**
 * For `grad`: every ReLU of the graph lets back only what is positive, both in its value and in its gradient. Functional
 * ReLUs are guided as well (pytorch-grad-cam replaces modules and misses those).
 */
export const GUIDED_RULES: GradRules = {
  relu: (b, y, g) => [b.mul(b.relu(g), b.step(y))],
};

/**
 * Refuses models in which there is nothing to guide.
 * @param nodes of the model's forward graph
 * @param model its name, for the message
 */
export function requireGuidable(nodes: readonly Node[], model: string): void {
  if (nodes.some((node) => node.op === "relu")) return;
  throw new GradlensError(
    "unsupported",
    `guided backprop changes how ReLUs pass gradients back, and ${model} has no ReLU; take gradcam or layercam instead`,
  );
}
