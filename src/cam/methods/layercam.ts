/** @file LayerCAM: every position weighted by its own positive gradient. */

import { gradientMethod } from "./kinds.js";
import { phrase } from "../../language/say.js";

export const layercam = gradientMethod({
  title: "LayerCAM",
  paper: "Jiang et al., IEEE TIP 2021, https://ieeexplore.ieee.org/document/9462463",
  question: phrase`Where is the gradient positive, position by position?`,
  // Equations 5 and 6
  summands: (b, A, G) => b.mul(b.relu(G), A),
});
