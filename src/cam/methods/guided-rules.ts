/** @file The gradient rules of guided backprop (Springenberg et al. 2015, https://arxiv.org/abs/1412.6806). */

import { unsupported } from "../../errors.js";
import { reachable } from "../../graph/instantiate.js";
import { isParametric } from "../../graph/rewrite.js";
import type { GradRules } from "../../graph/grad.js";
import type { NamedModel } from "../model.js";
import { say } from "../../language/say.js";

/**
 * A ReLU passes a gradient back only where both its value and the gradient are positive. Functional ReLUs follow the rule
 * too; pytorch-grad-cam replaces modules and misses them.
 */
export const GUIDED_RULES: GradRules = {
  relu: (b, y, g) => [b.mul(b.relu(g), b.step(y))],
};

/** Why guided backprop is not defined for a model; undefined where it is. */
export function unguidable({ template, name }: NamedModel): string | undefined {
  // Not graph.nodes: LeGrad appends a ReLU of its own. That of Swin V2's position biases passes no gradient to the picture.
  if (reachable([template.logits]).some((node) => node.op === "relu" && !isParametric(node)))
    return undefined;
  return say`guided backprop changes how ReLUs pass gradients back, and ${name} has no ReLU; use gradcam or layercam instead`;
}

/** @throws GradlensError "unsupported" for models without a ReLU */
export function requireGuidable(model: NamedModel): void {
  const reason = unguidable(model);
  if (reason !== undefined) throw unsupported(reason);
}
