/** @file The larger golden cases against PyTorch and pytorch-grad-cam. */

import { it } from "vitest";
import { checkOnDevice } from "./harness.js";

const CASES = [
  "resnet50-2layers",
  "pvt_v2_b3-norm4",
  "pvt_v2_b3-block4",
  "vit_base_patch16_224",
  "vit_base_patch16_siglip_224",
  "vit_small_patch14_dinov2",
  "swin_base_patch4_window7_224",
  "swin_tiny-288",
  "vgg16",
];

it.each(CASES)("golden %s on the device: tensors and maps are PyTorch's", (name) => checkOnDevice(name));
