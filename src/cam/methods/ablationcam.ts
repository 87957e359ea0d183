/** @file Ablation-CAM: channels weighted by the share of the score that is lost without them. */

import { measured } from "./method.js";

export const ablationcam = measured({
  title: "Ablation-CAM",
  paper: "Desai and Ramaswamy, WACV 2020, https://ieeexplore.ieee.org/document/9093360",
  needs: "ablation",
});
