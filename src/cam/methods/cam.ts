/** @file The original class activation map: the head's weights of a label times what the head pools. */

import type { HeadMethod } from "./method.js";

export const cam: HeadMethod = {
  title: "CAM",
  paper: "Zhou et al., CVPR 2016, https://arxiv.org/abs/1512.04150",
  needs: "head",
  // Equation 2
  weights: (_b, _A, W) => W,
  summands: (b, A, W) => b.mul(W, A),
};
