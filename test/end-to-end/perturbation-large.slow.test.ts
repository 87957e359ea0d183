/** @file Score-CAM and Ablation-CAM of VGG and of a distilled DeiT against PyTorch. */

import { test } from "vitest";
import { checkFamily } from "./perturbation-families.js";

test.each(["vgg11_bn", "deit_tiny_distilled_patch16_224"] as const)(
  "Score-CAM and Ablation-CAM of %s are PyTorch's",
  (arch) => checkFamily(arch),
  600_000,
);
