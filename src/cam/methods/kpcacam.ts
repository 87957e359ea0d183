/** @file KPCA-CAM: the first principal component of the activations, found with a kernel. */

import type { ActivationMethod } from "./method.js";

export const kpcacam: ActivationMethod = {
  title: "KPCA-CAM",
  paper: "Karmani et al., 2024, https://arxiv.org/abs/2410.00267",
  needs: "activations",
  eigen: true,
  kernel: "sigmoid",
  summands: (_, A) => A,
};
