/** @file timm's names of architectures that have torchvision's here. Data only. */

/** By architecture. */
export const TIMM_NAMES: Readonly<Record<string, string>> = {
  efficientnet_v2_s: "efficientnetv2_s",
  efficientnet_v2_m: "efficientnetv2_m",
  efficientnet_v2_l: "efficientnetv2_l",
  mobilenet_v2: "mobilenetv2_100",
  mobilenet_v3_large: "mobilenetv3_large_100",
  mobilenet_v3_small: "mobilenetv3_small_100",
};
