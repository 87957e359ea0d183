/** @file The original class activation map: the head's weights of a label times the values that the head pools. */

import type { LayerMethod } from "./method.js";
import { headInputs, requirePooledHead } from "./pooled-head.js";
import { phrase } from "../../language/say.js";

export const cam: LayerMethod = {
  title: "CAM",
  paper: "Zhou et al., CVPR 2016, https://arxiv.org/abs/1512.04150",
  question: phrase`The classifier's own weights, at what it pools`,
  signIsEvidence: true,
  group: "no-gradient",
  cost: "none",
  check: (model, layers) => layers.forEach((tap) => requirePooledHead(model, tap)),
  inputs: headInputs,
  // Equation 2
  weights: (_b, _A, W) => W,
  summands: (b, A, W) => b.mul(W, A),
};
