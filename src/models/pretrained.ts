/** @file Where each architecture's weights are published, under the projects' own names. Data only. */

import type { Arch } from "./registry.js";

export interface Pretrained {
  /** Whose they are, as "torchvision", or a repository of GitHub or Hugging Face. */
  readonly project: string;
  readonly file: string;
}

type ByArch = { readonly [A in Arch]?: string };

/** DEFAULT of each `*_Weights` enum of torchvision 0.28. */
const TORCHVISION: ByArch = {
  densenet121: "densenet121-a639ec97.pth",
  densenet161: "densenet161-8d451a50.pth",
  densenet169: "densenet169-b2777c0a.pth",
  densenet201: "densenet201-c1103571.pth",
  resnet18: "resnet18-f37072fd.pth",
  resnet34: "resnet34-b627a593.pth",
  resnet50: "resnet50-11ad3fa6.pth",
  resnet101: "resnet101-cd907fc2.pth",
  resnet152: "resnet152-f82ba261.pth",
  resnext50_32x4d: "resnext50_32x4d-1a0047aa.pth",
  resnext101_32x8d: "resnext101_32x8d-110c445d.pth",
  wide_resnet50_2: "wide_resnet50_2-9ba9bcbe.pth",
  wide_resnet101_2: "wide_resnet101_2-d733dc28.pth",
  vgg11: "vgg11-8a719046.pth",
  vgg11_bn: "vgg11_bn-6002323d.pth",
  vgg13: "vgg13-19584684.pth",
  vgg13_bn: "vgg13_bn-abd245e5.pth",
  vgg16: "vgg16-397923af.pth",
  vgg16_bn: "vgg16_bn-6c64b313.pth",
  vgg19: "vgg19-dcbb9e9d.pth",
  vgg19_bn: "vgg19_bn-c79401a0.pth",
  mnasnet0_5: "mnasnet0.5_top1_67.823-3ffadce67e.pth",
  mnasnet0_75: "mnasnet0_75-7090bc5f.pth",
  mnasnet1_0: "mnasnet1.0_top1_73.512-f206786ef8.pth",
  mnasnet1_3: "mnasnet1_3-a4c69d6f.pth",
  vit_base_patch16_224: "vit_b_16-c867db91.pth",
  vit_base_patch32_224: "vit_b_32-d86f8d99.pth",
  vit_large_patch16_224: "vit_l_16-852ce7e3.pth",
  vit_large_patch32_224: "vit_l_32-c7638314.pth",
  swin_tiny_patch4_window7_224: "swin_t-704ceda3.pth",
  swin_small_patch4_window7_224: "swin_s-5e29d889.pth",
  swin_base_patch4_window7_224: "swin_b-68c6b09e.pth",
};

/** The tag of timm 1.0's default weights, where these have a head: the repository timm/ARCH.TAG of Hugging Face. */
const TIMM_TAGS: ByArch = {
  densenet121: "ra_in1k",
  densenet161: "tv_in1k",
  densenet169: "tv_in1k",
  densenet201: "tv_in1k",
  resnet18: "a1_in1k",
  resnet34: "a1_in1k",
  resnet50: "a1_in1k",
  resnet101: "a1h_in1k",
  resnet152: "a1h_in1k",
  resnext50_32x4d: "a1h_in1k",
  resnext101_32x8d: "tv_in1k",
  wide_resnet50_2: "racm_in1k",
  wide_resnet101_2: "tv_in1k",
  vgg11: "tv_in1k",
  vgg11_bn: "tv_in1k",
  vgg13: "tv_in1k",
  vgg13_bn: "tv_in1k",
  vgg16: "tv_in1k",
  vgg16_bn: "tv_in1k",
  vgg19: "tv_in1k",
  vgg19_bn: "tv_in1k",
  vit_base_patch16_224: "augreg2_in21k_ft_in1k",
  vit_base_patch32_224: "augreg_in21k_ft_in1k",
  vit_large_patch16_224: "augreg_in21k_ft_in1k",
  swin_tiny_patch4_window7_224: "ms_in1k",
  swin_small_patch4_window7_224: "ms_in22k_ft_in1k",
  swin_base_patch4_window7_224: "ms_in22k_ft_in1k",
  vit_tiny_patch16_224: "augreg_in21k_ft_in1k",
  vit_tiny_patch16_384: "augreg_in21k_ft_in1k",
  vit_small_patch16_224: "augreg_in21k_ft_in1k",
  vit_small_patch16_384: "augreg_in21k_ft_in1k",
  vit_small_patch32_224: "augreg_in21k_ft_in1k",
  vit_small_patch32_384: "augreg_in21k_ft_in1k",
  vit_base_patch16_384: "augreg_in21k_ft_in1k",
  vit_base_patch32_384: "augreg_in21k_ft_in1k",
  vit_large_patch16_384: "augreg_in21k_ft_in1k",
  vit_large_patch32_384: "orig_in21k_ft_in1k",
  deit_tiny_patch16_224: "fb_in1k",
  deit_small_patch16_224: "fb_in1k",
  deit_base_patch16_224: "fb_in1k",
  deit_base_patch16_384: "fb_in1k",
  deit_tiny_distilled_patch16_224: "fb_in1k",
  deit_small_distilled_patch16_224: "fb_in1k",
  deit_base_distilled_patch16_224: "fb_in1k",
  deit_base_distilled_patch16_384: "fb_in1k",
  swin_large_patch4_window7_224: "ms_in22k_ft_in1k",
  swin_base_patch4_window12_384: "ms_in22k_ft_in1k",
  swin_large_patch4_window12_384: "ms_in22k_ft_in1k",
  pvt_v2_b0: "in1k",
  pvt_v2_b1: "in1k",
  pvt_v2_b2: "in1k",
  pvt_v2_b2_li: "in1k",
  pvt_v2_b3: "in1k",
  pvt_v2_b4: "in1k",
  pvt_v2_b5: "in1k",
};

/** facebookresearch/deit */
const DEIT: ByArch = {
  deit_tiny_patch16_224: "deit_tiny_patch16_224-a1311bcf.pth",
  deit_small_patch16_224: "deit_small_patch16_224-cd65a155.pth",
  deit_base_patch16_224: "deit_base_patch16_224-b5f2ef4d.pth",
  deit_base_patch16_384: "deit_base_patch16_384-8de9b5d1.pth",
  deit_tiny_distilled_patch16_224: "deit_tiny_distilled_patch16_224-b40b3cf7.pth",
  deit_small_distilled_patch16_224: "deit_small_distilled_patch16_224-649709d9.pth",
  deit_base_distilled_patch16_224: "deit_base_distilled_patch16_224-df68dfff.pth",
  deit_base_distilled_patch16_384: "deit_base_distilled_patch16_384-d0272ac0.pth",
};

/** microsoft/Swin-Transformer's releases */
const SWIN: ByArch = {
  swin_tiny_patch4_window7_224: "swin_tiny_patch4_window7_224.pth",
  swin_small_patch4_window7_224: "swin_small_patch4_window7_224_22kto1k_finetune.pth",
  swin_base_patch4_window7_224: "swin_base_patch4_window7_224_22kto1k.pth",
  swin_large_patch4_window7_224: "swin_large_patch4_window7_224_22kto1k.pth",
  swin_base_patch4_window12_384: "swin_base_patch4_window12_384_22kto1k.pth",
  swin_large_patch4_window12_384: "swin_large_patch4_window12_384_22kto1k.pth",
};

/** Repositories of Hugging Face with the models of transformers. */
const TRANSFORMERS: ByArch = {
  vit_base_patch16_224: "google/vit-base-patch16-224",
  vit_base_patch16_384: "google/vit-base-patch16-384",
  vit_base_patch32_384: "google/vit-base-patch32-384",
  vit_large_patch16_224: "google/vit-large-patch16-224",
  vit_large_patch16_384: "google/vit-large-patch16-384",
  vit_large_patch32_384: "google/vit-large-patch32-384",
  deit_tiny_patch16_224: "facebook/deit-tiny-patch16-224",
  deit_small_patch16_224: "facebook/deit-small-patch16-224",
  deit_base_patch16_224: "facebook/deit-base-patch16-224",
  deit_base_patch16_384: "facebook/deit-base-patch16-384",
  deit_tiny_distilled_patch16_224: "facebook/deit-tiny-distilled-patch16-224",
  deit_small_distilled_patch16_224: "facebook/deit-small-distilled-patch16-224",
  deit_base_distilled_patch16_224: "facebook/deit-base-distilled-patch16-224",
  deit_base_distilled_patch16_384: "facebook/deit-base-distilled-patch16-384",
  swin_tiny_patch4_window7_224: "microsoft/swin-tiny-patch4-window7-224",
  swin_small_patch4_window7_224: "microsoft/swin-small-patch4-window7-224",
  swin_base_patch4_window7_224: "microsoft/swin-base-patch4-window7-224",
  swin_large_patch4_window7_224: "microsoft/swin-large-patch4-window7-224",
  swin_base_patch4_window12_384: "microsoft/swin-base-patch4-window12-384",
  swin_large_patch4_window12_384: "microsoft/swin-large-patch4-window12-384",
  pvt_v2_b0: "OpenGVLab/pvt_v2_b0",
  pvt_v2_b1: "OpenGVLab/pvt_v2_b1",
  pvt_v2_b2: "OpenGVLab/pvt_v2_b2",
  pvt_v2_b2_li: "OpenGVLab/pvt_v2_b2_linear",
  pvt_v2_b3: "OpenGVLab/pvt_v2_b3",
  pvt_v2_b4: "OpenGVLab/pvt_v2_b4",
  pvt_v2_b5: "OpenGVLab/pvt_v2_b5",
};

const PVT: ByArch = {
  pvt_v2_b0: "pvt_v2_b0.pth",
  pvt_v2_b1: "pvt_v2_b1.pth",
  pvt_v2_b2: "pvt_v2_b2.pth",
  pvt_v2_b2_li: "pvt_v2_b2_li.pth",
  pvt_v2_b3: "pvt_v2_b3.pth",
  pvt_v2_b4: "pvt_v2_b4.pth",
  pvt_v2_b5: "pvt_v2_b5.pth",
};

/** Of one architecture; empty where nobody publishes weights. */
export function pretrainedOf(arch: Arch): Pretrained[] {
  const tag = TIMM_TAGS[arch];
  const sources: readonly (readonly [project: string | undefined, file: string | undefined])[] = [
    ["torchvision", TORCHVISION[arch]],
    [tag && `timm/${arch}.${tag}`, "model.safetensors"],
    [TRANSFORMERS[arch], "model.safetensors"],
    ["facebookresearch/deit", DEIT[arch]],
    ["microsoft/Swin-Transformer", SWIN[arch]],
    ["whai362/PVT", PVT[arch]],
  ];
  return sources.flatMap(([project, file]) => (project && file ? [{ project, file }] : []));
}
