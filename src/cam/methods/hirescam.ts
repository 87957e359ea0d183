/** @file HiResCAM and its element-wise variant: gradient times activation, all of it or where positive. */

import type { GradientMethod } from "./method.js";

export const hirescam: GradientMethod = {
  title: "HiResCAM",
  paper: "Draelos and Carin, 2020, https://arxiv.org/abs/2011.08891",
  needs: "gradients",
  summands: (b, A, G) => b.mul(G, A),
};

export const elementwise: GradientMethod = {
  title: "Grad-CAM element-wise",
  paper: "pytorch-grad-cam's GradCAMElementWise, after https://arxiv.org/abs/2011.08891",
  needs: "gradients",
  summands: (b, A, G) => b.relu(b.mul(G, A)),
};
