/** @file The largest networks in the f64 interpreter, against PyTorch. */

import { testGoldenCases, testModelCases } from "./interpreter-golden.js";

testGoldenCases([
  ["densenet161", "other widths"],
  ["inception_v3-timm", "timm's, a layer whose norm contains its ReLU"],
  ["xception-pretrainedmodels", "the other implementation's names, the layer before the last ReLU"],
  ["pvt_v2_b3-norm4", "the layer norm4"],
  ["pvt_v2_b3-block4", "the layer block4[-1].norm1"],
  ["swin_base_patch4_window7_224", "timm's"],
  ["swin_tiny_patch4_window7_224", "timm's"],
  ["swin_tiny-288", "288 pixels, where windows are padded"],
  ["swinv2_tiny_window8_256", "timm's, windows shrunk and padded"],
  ["swinv2_tiny-huggingface", "windows cut by rows, the mask added twice"],
  ["vgg16", "without batch norm"],
  ["vgg16_bn", "with batch norm"],
  ["vit_base_patch16_224", "64 pixels"],
  ["vit_base_patch16_siglip_224", "timm's, pooled by attention"],
  ["vit_base_patch16_siglip_224-huggingface", "the patches' mean"],
  ["beit_base_patch16_224", "relative positions, resampled"],
  ["beit_base_patch16_224-huggingface", "tables resampled bilinearly"],
]);

testModelCases([
  ["swin-huggingface", "a picture that is not square"],
  ["swin-torchvision", "windows kept, and padded before the shift"],
]);
