/** @file Score-CAM and Ablation-CAM of small networks against PyTorch; slower ones are in perturbation-large. */

import { test } from "vitest";
import { checkFamily } from "./perturbation-families.js";

test.each([
  "densenet121",
  "resnet18",
  "seresnet18",
  "regnet_y_400mf",
  "shufflenet_v2_x0_5",
  "googlenet",
  "mnasnet0_5",
  "vit_tiny_patch16_224",
  "swin_tiny_patch4_window7_224",
  "pvt_v2_b0",
] as const)("Score-CAM and Ablation-CAM of %s are PyTorch's", (arch) => checkFamily(arch));
