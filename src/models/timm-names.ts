/** @file timm's names of architectures that have torchvision's here. Data only. */

/** By architecture. */
export const TIMM_NAMES: Readonly<Record<string, string>> = {
  efficientnet_v2_s: "efficientnetv2_s",
  efficientnet_v2_m: "efficientnetv2_m",
  efficientnet_v2_l: "efficientnetv2_l",
  regnet_x_400mf: "regnetx_004_tv",
  regnet_x_800mf: "regnetx_008",
  regnet_x_1_6gf: "regnetx_016",
  regnet_x_3_2gf: "regnetx_032",
  regnet_x_8gf: "regnetx_080",
  regnet_x_16gf: "regnetx_160",
  regnet_x_32gf: "regnetx_320",
  regnet_y_400mf: "regnety_004",
  regnet_y_800mf: "regnety_008_tv",
  regnet_y_1_6gf: "regnety_016",
  regnet_y_3_2gf: "regnety_032",
  regnet_y_8gf: "regnety_080_tv",
  regnet_y_16gf: "regnety_160",
  regnet_y_32gf: "regnety_320",
  regnet_y_128gf: "regnety_1280",
  mobilenet_v2: "mobilenetv2_100",
  mobilenet_v3_large: "mobilenetv3_large_100",
  mobilenet_v3_small: "mobilenetv3_small_100",
};
