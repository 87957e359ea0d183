/** @file FEM, the feature explanation method: channels weighted by the share of their positions that stand out. */

import { POSITIONS, type ActivationMethod } from "./method.js";
import type { Builder } from "../../graph/builder.js";
import type { Node } from "../../graph/types.js";

/** Standard deviations above the mean, as the paper and pytorch-grad-cam have it. */
const SIGMAS = 2;

function weights(b: Builder, A: Node): Node {
  const mean = b.mean(A, POSITIONS);
  const fromMean = b.sub(A, mean);
  const deviation = b.sqrt(b.mean(b.mul(fromMean, fromMean), POSITIONS));
  return b.mean(b.greater(A, b.add(mean, b.mul(deviation, SIGMAS))), POSITIONS);
}

export const fem: ActivationMethod = {
  title: "FEM",
  paper: "Fuad et al., IPTA 2020, https://hal.science/hal-02963298",
  needs: "activations",
  weights,
  summands: (b, A) => b.mul(weights(b, A), A),
};
