/** @file KPCA-CAM: the first principal component of the activations, found with a kernel. */

import { activationMethod } from "./kinds.js";
import { EIGEN_NOTE } from "./method.js";

export const kpcacam = activationMethod({
  title: "KPCA-CAM",
  paper: "Karmani et al., 2024, https://arxiv.org/abs/2410.00267",
  eigen: true,
  note: EIGEN_NOTE,
  kernel: "sigmoid",
  summands: (_, A) => A,
});
