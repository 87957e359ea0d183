/** @file timm's names of architectures that have torchvision's here. Data only. */

/** By architecture. */
export const TIMM_NAMES: Readonly<Record<string, string>> = {
  efficientnet_v2_s: "efficientnetv2_s",
  efficientnet_v2_m: "efficientnetv2_m",
  efficientnet_v2_l: "efficientnetv2_l",
  se_resnet50: "legacy_seresnet50",
  se_resnet101: "legacy_seresnet101",
  se_resnet152: "legacy_seresnet152",
  se_resnext50_32x4d: "legacy_seresnext50_32x4d",
  se_resnext101_32x4d: "legacy_seresnext101_32x4d",
  resnest50_fast_4s2x40d: "resnest50d_4s2x40d",
  resnest50_fast_1s4x24d: "resnest50d_1s4x24d",
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
  xception: "legacy_xception",
};

/** Names that timm had for one architecture with other weights. */
const FORMER_NAMES: Readonly<Record<string, string>> = {
  tf_inception_v3: "inception_v3",
  adv_inception_v3: "inception_v3",
};

/** The architecture that has another name here than in timm; undefined for any other name. */
export const archOfTimm = (name: string): string | undefined =>
  Object.keys(TIMM_NAMES).find((arch) => TIMM_NAMES[arch] === name) ?? FORMER_NAMES[name];
