/** @file Score-CAM: channels weighted by the score of the picture seen through them. */

import { measured } from "./method.js";

export const scorecam = measured({
  title: "Score-CAM",
  paper: "Wang et al., CVPR Workshops 2020, https://arxiv.org/abs/1910.01279",
  needs: "masks",
});
