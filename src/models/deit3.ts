/** @file DeiT III (Touvron et al. 2022): a ViT with layer scales, whose class token has no position. */

import { IMAGENET, type ArchDef } from "./arch.js";
import { VIT, vitFields, WIDTHS } from "./vit.js";
import { buildVit, type VitShape } from "./vit-graph.js";
import { fileReading } from "./vit-reading.js";

const MEDIUM = { channels: 512, depth: 12, heads: 8 };
const HUGE = { channels: 1280, depth: 32, heads: 16 };

function deit3(width: typeof MEDIUM, patch: number, size: number): ArchDef {
  const shape: VitShape = { ...width, patch, size, scales: true, noEmbedClass: true };
  return {
    ...vitFields(shape, IMAGENET),
    family: VIT,
    heads: shape.heads,
    build: (b, o) => buildVit(b, shape, o),
    spellings: [{ name: "timm" }],
    reading: fileReading(shape),
  };
}

export const DEIT3S = {
  deit3_small_patch16_224: deit3(WIDTHS.small, 16, 224),
  deit3_small_patch16_384: deit3(WIDTHS.small, 16, 384),
  deit3_medium_patch16_224: deit3(MEDIUM, 16, 224),
  deit3_base_patch16_224: deit3(WIDTHS.base, 16, 224),
  deit3_base_patch16_384: deit3(WIDTHS.base, 16, 384),
  deit3_large_patch16_224: deit3(WIDTHS.large, 16, 224),
  deit3_large_patch16_384: deit3(WIDTHS.large, 16, 384),
  deit3_huge_patch14_224: deit3(HUGE, 14, 224),
};
