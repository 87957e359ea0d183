/** @file LayerCAM: every position weighted by its own positive gradient. */

import { gradientMethod } from "./kinds.js";

export const layercam = gradientMethod({
  title: "LayerCAM",
  paper: "Jiang et al., IEEE TIP 2021, https://ieeexplore.ieee.org/document/9462463",
  // Equations 5 and 6
  summands: (b, A, G) => b.mul(b.relu(G), A),
});
