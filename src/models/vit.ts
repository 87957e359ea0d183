/** @file ViT (Dosovitskiy et al. 2021) and DeiT (Touvron et al. 2021), distilled ones too, with timm's module paths. */

import type { KeyRule } from "../checkpoint/rename-key.js";
import { HALF, IMAGENET, type ArchDef, type TrainedInput } from "./arch.js";
import type { Family } from "./family.js";
import { inSequential } from "./head.js";
import { buildVit, type VitShape } from "./vit-graph.js";
import { fileReading } from "./vit-reading.js";
import { DISTILLED_SPELLINGS, VIT_SPELLINGS } from "./vit-spellings.js";
import { phrase } from "../language/say.js";

export const VIT: Family = {
  name: "vit",
  title: "ViT, DeiT, DeiT III",
  attention: true,
  pooling: "token",
  layerNormEps: 1e-6,
};

export const WIDTHS = {
  tiny: { channels: 192, depth: 12, heads: 3 },
  small: { channels: 384, depth: 12, heads: 6 },
  base: { channels: 768, depth: 12, heads: 12 },
  large: { channels: 1024, depth: 24, heads: 16 },
};

const KEY_RULES: readonly KeyRule[] = [
  inSequential("head"),
  // timm's checkpoint_filter_fn does the same.
  {
    name: phrase`DeiT III's LayerScale`,
    pattern: /^(blocks\.\d+)\.gamma_([12])$/,
    replacement: "$1.ls$2.gamma",
  },
];

/** The fields of an architecture with timm's names of a ViT. */
export const vitFields = (
  { channels, patch, size }: Pick<VitShape, "channels" | "patch" | "size">,
  input: Omit<TrainedInput, "size">,
) =>
  ({
    preprocessing: { ...input, size: [size, size] },
    minSize: patch,
    defaultLayer: "blocks[-1].norm1",
    keyRules: KEY_RULES,
    classesFrom: "head.weight",
    channelsFrom: "patch_embed.proj.weight",
    stem: [channels, patch],
  }) satisfies Partial<ArchDef>;

function vit(width: keyof typeof WIDTHS, patch: number, size: number, deit?: "plain" | "distilled"): ArchDef {
  const shape: VitShape = {
    ...WIDTHS[width],
    patch,
    size,
    distilled: deit === "distilled",
    traits: { huggingface: { eps: 1e-12 } },
    // With layer scales a ViT of this width and patches of 14 pixels is DINOv2.
    ...(patch === 14 && { scales: false }),
  };
  return {
    ...vitFields(shape, deit ? IMAGENET : HALF),
    family: VIT,
    heads: shape.heads,
    build: (b, o) => buildVit(b, shape, o),
    spellings: shape.distilled ? DISTILLED_SPELLINGS : VIT_SPELLINGS,
    // CLIP has the first, SigLIP the second.
    tells: { "norm_pre.weight": null, "attn_pool.latent": null },
    reading: fileReading(shape),
  };
}

export const DEITS = {
  deit_tiny_patch16_224: vit("tiny", 16, 224, "plain"),
  deit_small_patch16_224: vit("small", 16, 224, "plain"),
  deit_base_patch16_224: vit("base", 16, 224, "plain"),
  deit_base_patch16_384: vit("base", 16, 384, "plain"),
  deit_tiny_distilled_patch16_224: vit("tiny", 16, 224, "distilled"),
  deit_small_distilled_patch16_224: vit("small", 16, 224, "distilled"),
  deit_base_distilled_patch16_224: vit("base", 16, 224, "distilled"),
  deit_base_distilled_patch16_384: vit("base", 16, 384, "distilled"),
};

export const VITS = {
  vit_tiny_patch16_224: vit("tiny", 16, 224),
  vit_tiny_patch16_384: vit("tiny", 16, 384),
  vit_small_patch16_224: vit("small", 16, 224),
  vit_small_patch16_384: vit("small", 16, 384),
  vit_small_patch32_224: vit("small", 32, 224),
  vit_small_patch32_384: vit("small", 32, 384),
  vit_base_patch16_224: vit("base", 16, 224),
  vit_base_patch16_384: vit("base", 16, 384),
  vit_base_patch32_224: vit("base", 32, 224),
  vit_base_patch32_384: vit("base", 32, 384),
  vit_large_patch14_224: vit("large", 14, 224),
  vit_large_patch16_224: vit("large", 16, 224),
  vit_large_patch16_384: vit("large", 16, 384),
  vit_large_patch32_224: vit("large", 32, 224),
  vit_large_patch32_384: vit("large", 32, 384),
  ...DEITS,
};
