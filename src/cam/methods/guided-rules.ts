/** @file Guided backprop (Springenberg et al. 2015, https://arxiv.org/abs/1412.6806) and its product with a heat map. */

import { GradlensError } from "../../errors.js";
import type { GradRules } from "../../graph/grad.js";
import type { Node } from "../../graph/types.js";

/**
 * For `grad`: every ReLU of the graph lets back only what is positive, both in its value and in its gradient. Functional
 * ReLUs are guided as well (pytorch-grad-cam replaces modules and misses those).
 */
export const GUIDED_RULES: GradRules = {
  relu: (b, y, g) => [b.mul(b.relu(g), b.step(y))],
};

/** Why there is nothing to guide in a model, and what to take; undefined where there is. `nodes` are its forward graph's. */
export function unguidable(nodes: readonly Node[], model: string): string | undefined {
  if (nodes.some((node) => node.op === "relu")) return undefined;
  return `guided backprop changes how ReLUs pass gradients back, and ${model} has no ReLU; take gradcam or layercam instead`;
}

/** @throws GradlensError "unsupported" for models in which there is nothing to guide */
export function requireGuidable(nodes: readonly Node[], model: string): void {
  const reason = unguidable(nodes, model);
  if (reason !== undefined) throw new GradlensError("unsupported", reason);
}
