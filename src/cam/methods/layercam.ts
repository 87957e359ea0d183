/** @file LayerCAM: every position weighted by its own positive gradient. */

import type { GradientMethod } from "./method.js";

export const layercam: GradientMethod = {
  title: "LayerCAM",
  paper: "Jiang et al., IEEE TIP 2021, https://ieeexplore.ieee.org/document/9462463",
  needs: "gradients",
  // Equations 5 and 6
  summands: (b, A, G) => b.mul(b.relu(G), A),
};
