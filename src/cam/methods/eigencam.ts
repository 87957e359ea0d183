/** @file Eigen-CAM and its variants: the first principal component of the activations, or of gradient times activation. */

import { activationMethod, gradientMethod } from "./kinds.js";
import { phrase } from "../../language/say.js";

/** A map that is a principal component. */
const EIGEN = {
  eigen: true,
  note: phrase`the sign is fixed: the entry of largest magnitude is positive; pytorch-grad-cam's map may be the opposite`,
} as const;

export const eigencam = activationMethod({
  title: "Eigen-CAM",
  paper: "Muhammad and Yeasin, IJCNN 2020, https://arxiv.org/abs/2008.00299",
  question: phrase`The main pattern of what the layer sees`,
  ...EIGEN,
  summands: (_, A) => A,
});

export const kpcacam = activationMethod({
  title: "KPCA-CAM",
  paper: "Karmani et al., 2024, https://arxiv.org/abs/2410.00267",
  question: phrase`The main pattern, found with a kernel`,
  ...EIGEN,
  kernel: "sigmoid",
  summands: (_, A) => A,
});

export const eigengradcam = gradientMethod({
  title: "Eigen-Grad-CAM",
  paper: "pytorch-grad-cam's EigenGradCAM, after https://arxiv.org/abs/2008.00299",
  question: phrase`The main pattern of gradient times activation`,
  ...EIGEN,
  summands: (b, A, G) => b.mul(G, A),
});

export const segeigencam = gradientMethod({
  title: "Seg-Eigen-CAM",
  paper: "Chung and Ying, Applied Sciences 2025, https://doi.org/10.3390/app15137562",
  question: phrase`The main pattern, by the gradient's size`,
  ...EIGEN,
  // Equation 10; the sign of equation 13 is that of every eigen map here
  summands: (b, A, G) => b.mul(b.abs(G), A),
});
