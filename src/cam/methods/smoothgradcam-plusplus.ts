/** @file Smooth Grad-CAM++: Grad-CAM++ with gradients averaged over noisy copies of the picture. */

import { measured } from "./method.js";

export const smoothGradcamPlusPlus = measured({
  title: "Smooth Grad-CAM++",
  paper: "Omeiza et al., 2019, https://arxiv.org/abs/1908.01224",
  needs: "noise",
});
