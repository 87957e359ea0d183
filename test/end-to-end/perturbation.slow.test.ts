/** @file Score-CAM against pytorch-grad-cam's, and Ablation-CAM through an attention: one forward pass per channel. */

import { test } from "vitest";
import { checkMethod } from "./perturbation-cases.js";

const LONG = 600_000;

test.each(["resnet18", "densenet121", "vit_tiny_patch16_224", "pvt_v2_b0"])(
  "Score-CAM of %s is pytorch-grad-cam's",
  (name) => checkMethod(name, "scorecam"),
  LONG,
);

test.each(["pvt_v2_b3-block4", "swin_tiny_patch4_window7_224"])(
  "Ablation-CAM of %s is the reference's",
  (name) => checkMethod(name, "ablationcam"),
  LONG,
);
