/** @file ShapleyCAM: Grad-CAM with gradients corrected by the logit's curvature along the activations. */

import { gradientMethod } from "./kinds.js";
import { POSITIONS } from "./method.js";
import { phrase } from "../../language/say.js";

export const shapleycam = gradientMethod({
  title: "ShapleyCAM",
  paper: "Cai, 2025, https://arxiv.org/abs/2501.06261",
  question: phrase`Grad-CAM, corrected by the score's curvature`,
  signIsEvidence: true,
  curvature: true,
  weights: (b, _, G) => b.mean(G, POSITIONS),
});
