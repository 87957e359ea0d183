/** @file XGrad-CAM: gradients averaged with the activations as weights. */

import { gradientMethod } from "./kinds.js";
import { POSITIONS } from "./method.js";
import { phrase } from "../../language/say.js";

/** pytorch-grad-cam's: a channel that is 0 everywhere gets weight 0. */
const EPS = 1e-7;

export const xgradcam = gradientMethod({
  title: "XGrad-CAM",
  paper: "Fu et al., BMVC 2020, https://arxiv.org/abs/2008.02312",
  question: phrase`The same, with gradients weighted by activation`,
  signIsEvidence: true,
  // Equation 8
  weights: (b, A, G) => b.div(b.sum(b.mul(G, A), POSITIONS), b.add(b.sum(A, POSITIONS), EPS)),
});
