/** @file Grad-CAM: channels weighted by the mean of their gradient. */

import { gradientMethod } from "./kinds.js";
import { POSITIONS } from "./method.js";
import { phrase } from "../../language/say.js";

export const gradcam = gradientMethod({
  title: "Grad-CAM",
  paper: "Selvaraju et al., ICCV 2017, https://arxiv.org/abs/1610.02391",
  question: phrase`Which channels raise the score, and where are they active?`,
  signIsEvidence: true,
  // Equation 1
  weights: (b, _, G) => b.mean(G, POSITIONS),
});
