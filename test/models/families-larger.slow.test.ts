/** @file Larger networks in the f64 interpreter, against PyTorch; the largest are in families.slow.test.ts. */

import { testGoldenCases, testModelCases } from "./interpreter-golden.js";

testGoldenCases([
  ["alexnet", "torchvision's"],
  ["squeezenet1_1", "torchvision's"],
  ["squeezenet1_0-squeeze", "a layer inside a Fire module"],
  ["shufflenet_v2_x0_5", "torchvision's"],
  ["inception_v3", "torchvision's, with auxiliary classifiers in the file"],
  ["googlenet", "torchvision's"],
  ["googlenet-4b", "a layer inside a branch"],
  ["xception", "timm's"],
  ["shufflenet_v2_x1_5-stage3", "a norm inside a branch"],
  ["convnext_tiny", "torchvision's"],
  ["efficientnet_b0", "torchvision's"],
  ["efficientnet_lite0-pytorch", "padding for 224 pixels, at a size that is no multiple of 32"],
  ["tf_mobilenetv3_small_100", "timm's, padded as TensorFlow does"],
  ["pvt_v2_b2_li", "linear attention, the original's keys"],
  ["resnet18d", "a shortcut that pools"],
  ["resnet26t", "a layer inside the stem"],
  ["seresnet18", "timm's"],
  ["se_resnet50", "Cadene's, the stem explained"],
  ["resnest14d", "timm's"],
  ["resnest50_fast_2s2x40d", "the authors', groups and branches, a pool explained"],
  ["regnet_y_400mf", "torchvision's, squeezing"],
  ["regnet_y_800mf-timm", "timm's, a squeeze-excitation explained"],
  ["deit3_small_patch16_224", "no position for the class token"],
  ["vit_small_patch14_dinov2", "timm's, in a block's layer scale"],
  ["vit_xsmall_patch16_clip_224-huggingface", "the patches' mean, in a block's activation"],
  ["resnet50-2layers", "bottleneck blocks, two layers"],
  ["swinv2_tiny-torchvision", "windows kept, the file's own tables of coordinates"],
]);

testModelCases([["swin-resized", "windows shrunk and padded, relative position tables resampled"]]);
