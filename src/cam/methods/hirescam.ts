/** @file HiResCAM, gradient times activation, and its element-wise variant, which keeps the positive products. */

import { gradientMethod } from "./kinds.js";
import { phrase } from "../../language/say.js";

export const hirescam = gradientMethod({
  title: "HiResCAM",
  paper: "Draelos and Carin, 2020, https://arxiv.org/abs/2011.08891",
  question: phrase`What does each position add to the score?`,
  signIsEvidence: true,
  summands: (b, A, G) => b.mul(G, A),
});

export const elementwise = gradientMethod({
  title: "Grad-CAM element-wise",
  paper: "pytorch-grad-cam's GradCAMElementWise, after https://arxiv.org/abs/2011.08891",
  question: phrase`The positive terms of HiResCAM`,
  summands: (b, A, G) => b.relu(b.mul(G, A)),
});
