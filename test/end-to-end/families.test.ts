/** @file One network of each family but DenseNet against PyTorch and pytorch-grad-cam; larger ones are in families.slow.test.ts. */

import { it } from "vitest";
import { checkOnDevice } from "./harness.js";

const CASES = [
  "resnet18",
  "resnet18d",
  "seresnet18",
  "resnest14d",
  "regnet_y_400mf",
  "mnasnet1_0",
  "alexnet",
  "squeezenet1_1",
  "shufflenet_v2_x0_5",
  "inception_v3",
  "googlenet",
  "xception",
  "efficientnet_b0",
  "efficientnet_lite0-pytorch",
  "mobilenet_v2",
  "tf_mobilenetv3_small_100",
  "convnext_tiny",
  "convnextv2_atto",
  "pvt_v2_b0",
  "pvt_v2_b2_li",
  "vit_tiny_patch16_224",
  "vit_small_patch14_reg4_dinov2-huggingface",
  "vit_xsmall_patch16_clip_224-open_clip",
  "swin_tiny_patch4_window7_224",
  "swinv2_tiny_window8_256",
  "swinv2_tiny-torchvision",
  "vgg16_bn",
];

it.each(CASES)("golden %s on the device: tensors and maps are PyTorch's", (name) => checkOnDevice(name));
