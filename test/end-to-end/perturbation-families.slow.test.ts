/** @file Score-CAM and Ablation-CAM of networks against PyTorch, one of each way of pooling and attending; others are in perturbation-large. */

import { test } from "vitest";
import { checkFamily } from "./perturbation-families.js";

test.each([
  "seresnet18",
  "regnet_y_400mf",
  "shufflenet_v2_x0_5",
  "squeezenet1_1",
  "vit_xsmall_patch16_clip_224",
  "googlenet",
  "mnasnet0_5",
  "pvt_v2_b0",
] as const)("Score-CAM and Ablation-CAM of %s are PyTorch's", (arch) => checkFamily(arch));
