/** @file Golden cases of the families, by cost on a software adapter; DenseNet's are in densenet.test.ts. */

/** Under two seconds each: `npm test`. */
export const SMALL = [
  "resnet18",
  "mnasnet1_0",
  "squeezenet1_1",
  "shufflenet_v2_x0_5",
  "googlenet",
  "mobilenet_v2",
  "convnextv2_atto",
  "pvt_v2_b0",
  "pvt_v2_b2_li",
  "vit_tiny_patch16_224",
];

/** With SMALL and DenseNet, one or more of every family: `.ci/run`. */
export const MEDIUM = [
  "resnet18d",
  "seresnet18",
  "resnest14d",
  "regnet_y_400mf",
  "alexnet",
  "inception_v3",
  "xception",
  "efficientnet_b0",
  "deit3_small_patch16_224",
  "vit_small_patch14_reg4_dinov2-huggingface",
  "vit_xsmall_patch16_clip_224-open_clip",
  "vit_base_patch16_siglip_224",
  "beit_base_patch16_224",
  "swin_tiny_patch4_window7_224",
  "swinv2_tiny_window8_256",
  "vgg16_bn",
];

/** `npm run test:all`. */
export const LARGE = [
  "resnet50-2layers",
  "efficientnet_lite0-pytorch",
  "tf_mobilenetv3_small_100",
  "convnext_tiny",
  "pvt_v2_b3-norm4",
  "pvt_v2_b3-block4",
  "vit_base_patch16_224",
  "vit_small_patch14_dinov2",
  "vit_base_patch16_siglip_224-huggingface",
  "beit_base_patch16_224-huggingface",
  "swin_base_patch4_window7_224",
  "swinv2_tiny-torchvision",
  "swinv2_tiny-huggingface",
  "swin_tiny-288",
  "vgg16",
];
