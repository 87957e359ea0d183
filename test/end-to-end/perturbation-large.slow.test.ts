/** @file Score-CAM and Ablation-CAM of further networks against PyTorch. */

import { test } from "vitest";
import { checkFamily } from "./perturbation-families.js";

test.each([
  "densenet121",
  "resnet18",
  "vit_tiny_patch16_224",
  "vgg11_bn",
  "resnest14d",
  "inception_v3",
  "deit_tiny_distilled_patch16_224",
  "swin_tiny_patch4_window7_224",
  "swinv2_tiny_window8_256",
  "xception",
  "deit3_small_patch16_224",
  "vit_small_patch14_dinov2",
  "vit_base_patch16_siglip_224",
  "beit_base_patch16_224",
] as const)("Score-CAM and Ablation-CAM of %s are PyTorch's", (arch) => checkFamily(arch), 600_000);
