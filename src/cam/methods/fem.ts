/** @file FEM, the feature explanation method: channels weighted by the share of their positions far above the mean. */

import { activationMethod } from "./kinds.js";
import { POSITIONS } from "./method.js";
import type { Builder } from "../../graph/builder.js";
import type { Node } from "../../graph/types.js";
import { phrase } from "../../language/say.js";

/** Standard deviations above the mean, as in the paper and pytorch-grad-cam. */
const SIGMAS = 2;

function weights(b: Builder, A: Node): Node {
  const mean = b.mean(A, POSITIONS);
  const fromMean = b.sub(A, mean);
  const deviation = b.sqrt(b.mean(b.mul(fromMean, fromMean), POSITIONS));
  return b.mean(b.greater(A, b.add(mean, b.mul(deviation, SIGMAS))), POSITIONS);
}

export const fem = activationMethod({
  title: "FEM",
  paper: "Fuad et al., IPTA 2020, https://hal.science/hal-02963298",
  question: phrase`Where are channels far above their mean?`,
  weights,
});
