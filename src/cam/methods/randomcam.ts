/** @file Channels with random weights: the baseline that every other map should differ from. */

import { measured } from "./method.js";

export const randomcam = measured({
  title: "RandomCAM",
  paper: "pytorch-grad-cam's RandomCAM, weights uniform in -1..1",
  needs: "random",
});
