/** @file Repositories of Hugging Face with weights. Data only. */

import { ofFamily, type ByArch } from "../architectures.js";
import { SWINS } from "../swin.js";
import { DEITS } from "../vit.js";

const hyphenated = (arch: string): string => arch.replaceAll("_", "-");

/** Repositories with the models of transformers. */
export const TRANSFORMERS: ByArch = {
  vit_base_patch16_224: "google/vit-base-patch16-224",
  vit_base_patch16_384: "google/vit-base-patch16-384",
  vit_base_patch32_384: "google/vit-base-patch32-384",
  vit_large_patch16_224: "google/vit-large-patch16-224",
  vit_large_patch16_384: "google/vit-large-patch16-384",
  vit_large_patch32_384: "google/vit-large-patch32-384",
  vit_base_patch32_siglip_256: "google/siglip2-base-patch32-256",
  vit_base_patch16_siglip_224: "google/siglip-base-patch16-224",
  vit_base_patch16_siglip_256: "google/siglip-base-patch16-256",
  vit_base_patch16_siglip_384: "google/siglip-base-patch16-384",
  vit_base_patch16_siglip_512: "google/siglip-base-patch16-512",
  vit_large_patch16_siglip_256: "google/siglip-large-patch16-256",
  vit_large_patch16_siglip_384: "google/siglip-large-patch16-384",
  vit_large_patch16_siglip_512: "google/siglip2-large-patch16-512",
  vit_so400m_patch14_siglip_224: "google/siglip-so400m-patch14-224",
  vit_so400m_patch14_siglip_384: "google/siglip-so400m-patch14-384",
  vit_so400m_patch16_siglip_256: "google/siglip2-so400m-patch16-256",
  vit_so400m_patch16_siglip_384: "google/siglip2-so400m-patch16-384",
  vit_large_patch14_clip_quickgelu_224: "openai/clip-vit-large-patch14",
  vit_small_patch14_dinov2: "facebook/dinov2-small-imagenet1k-1-layer",
  vit_base_patch14_dinov2: "facebook/dinov2-base-imagenet1k-1-layer",
  vit_large_patch14_dinov2: "facebook/dinov2-large-imagenet1k-1-layer",
  vit_giant_patch14_dinov2: "facebook/dinov2-giant-imagenet1k-1-layer",
  vit_small_patch14_reg4_dinov2: "facebook/dinov2-with-registers-small-imagenet1k-1-layer",
  vit_base_patch14_reg4_dinov2: "facebook/dinov2-with-registers-base-imagenet1k-1-layer",
  vit_large_patch14_reg4_dinov2: "facebook/dinov2-with-registers-large-imagenet1k-1-layer",
  vit_giant_patch14_reg4_dinov2: "facebook/dinov2-with-registers-giant-imagenet1k-1-layer",
  beit_base_patch16_224: "microsoft/beit-base-patch16-224",
  beit_base_patch16_384: "microsoft/beit-base-patch16-384",
  beit_large_patch16_224: "microsoft/beit-large-patch16-224",
  beit_large_patch16_384: "microsoft/beit-large-patch16-384",
  beit_large_patch16_512: "microsoft/beit-large-patch16-512",
  ...ofFamily(DEITS, (arch) => `facebook/${hyphenated(arch)}`),
  ...ofFamily(SWINS, (arch) => `microsoft/${hyphenated(arch)}`),
  swinv2_tiny_window8_256: "microsoft/swinv2-tiny-patch4-window8-256",
  swinv2_tiny_window16_256: "microsoft/swinv2-tiny-patch4-window16-256",
  swinv2_small_window8_256: "microsoft/swinv2-small-patch4-window8-256",
  swinv2_small_window16_256: "microsoft/swinv2-small-patch4-window16-256",
  swinv2_base_window8_256: "microsoft/swinv2-base-patch4-window8-256",
  swinv2_base_window16_256: "microsoft/swinv2-base-patch4-window16-256",
  swinv2_base_window12_192: "microsoft/swinv2-base-patch4-window12-192-22k",
  swinv2_base_window12to16_192to256: "microsoft/swinv2-base-patch4-window12to16-192to256-22kto1k-ft",
  swinv2_base_window12to24_192to384: "microsoft/swinv2-base-patch4-window12to24-192to384-22kto1k-ft",
  swinv2_large_window12_192: "microsoft/swinv2-large-patch4-window12-192-22k",
  swinv2_large_window12to16_192to256: "microsoft/swinv2-large-patch4-window12to16-192to256-22kto1k-ft",
  swinv2_large_window12to24_192to384: "microsoft/swinv2-large-patch4-window12to24-192to384-22kto1k-ft",
  pvt_v2_b0: "OpenGVLab/pvt_v2_b0",
  pvt_v2_b1: "OpenGVLab/pvt_v2_b1",
  pvt_v2_b2: "OpenGVLab/pvt_v2_b2",
  pvt_v2_b2_li: "OpenGVLab/pvt_v2_b2_linear",
  pvt_v2_b3: "OpenGVLab/pvt_v2_b3",
  pvt_v2_b4: "OpenGVLab/pvt_v2_b4",
  pvt_v2_b5: "OpenGVLab/pvt_v2_b5",
};

/** Repositories with files of open_clip. */
export const OPEN_CLIP: ByArch = {
  vit_base_patch32_clip_224: "laion/CLIP-ViT-B-32-laion2B-s34B-b79K",
  vit_base_patch16_clip_224: "laion/CLIP-ViT-B-16-laion2B-s34B-b88K",
  vit_large_patch14_clip_224: "laion/CLIP-ViT-L-14-laion2B-s32B-b82K",
  vit_huge_patch14_clip_224: "laion/CLIP-ViT-H-14-laion2B-s32B-b79K",
  vit_giant_patch14_clip_224: "laion/CLIP-ViT-g-14-laion2B-s34B-b88K",
  vit_gigantic_patch14_clip_224: "laion/CLIP-ViT-bigG-14-laion2B-39B-b160k",
};
