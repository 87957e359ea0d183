/** @file KPCA-CAM: the first principal component of the activations, found with a kernel. */

import { activationMethod } from "./kinds.js";

export const kpcacam = activationMethod({
  title: "KPCA-CAM",
  paper: "Karmani et al., 2024, https://arxiv.org/abs/2410.00267",
  eigen: true,
  kernel: "sigmoid",
  summands: (_, A) => A,
});
