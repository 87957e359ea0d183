/** @file ViT's and DeiT's names in torchvision and Hugging Face. The original DeiT has timm's. */

import { AROUND_BLOCKS, BLOCKS_4, BLOCKS_5 } from "./hugging-face-names.js";
import { IMAGENET, type Spelling } from "./arch.js";
import { below, multiheadAttention, type Names, type NameTable } from "./spelling.js";

const TORCHVISION_BLOCK = "encoder.layers.encoder_layer_{i}";

const TORCHVISION: Names = [
  ["", "patch_embed"],
  ["conv_proj", "patch_embed.proj"],
  ["class_token", "cls_token"],
  ["encoder.pos_embedding", "pos_embed"],
  ["encoder.dropout", "pos_drop"],
  [`${TORCHVISION_BLOCK}.ln_1`, "blocks.{i}.norm1"],
  ...multiheadAttention(`${TORCHVISION_BLOCK}.self_attention`, "blocks.{i}.attn"),
  [`${TORCHVISION_BLOCK}.dropout`, "blocks.{i}.attn.proj_drop"],
  [`${TORCHVISION_BLOCK}.ln_2`, "blocks.{i}.norm2"],
  ...below(`${TORCHVISION_BLOCK}.mlp`, "blocks.{i}.mlp", { 0: "fc1", 1: "act", 3: "fc2" }),
  // torchvision before 0.12
  ...below(`${TORCHVISION_BLOCK}.mlp`, "blocks.{i}.mlp", { linear_1: "fc1", linear_2: "fc2" }),
  [TORCHVISION_BLOCK, "blocks.{i}"],
  ["encoder.layers", "blocks"],
  ["encoder.ln", "norm"],
  ["heads.pre_logits", "pre_logits.fc"],
  ["heads.act", "pre_logits.act"],
  ["", "pre_logits"],
  ["heads.head", "head"],
];

/** The same in all versions. */
const HUGGING_FACE: Names = [
  ...AROUND_BLOCKS,
  [".embeddings.distillation_token", "dist_token"],
  [".embeddings.position_embeddings", "pos_embed"],
  ["cls_classifier", "head"],
  ["distillation_classifier", "head_dist"],
];

const huggingFace = (roots: readonly string[], heads: Names = []): NameTable => ({
  roots,
  names: [...heads, ...BLOCKS_4, ...HUGGING_FACE],
  later: [...heads, ...BLOCKS_5, ...HUGGING_FACE],
});

const spellings = (table: NameTable): readonly Spelling[] => [
  { name: "timm" },
  { name: "torchvision", table: { names: TORCHVISION }, statistics: IMAGENET },
  { name: "huggingface", table },
];

export const VIT_SPELLINGS = spellings(huggingFace(["vit", "deit"]));

/** Hugging Face has a class for distilled DeiTs; the other DeiTs are ViTs there. The first name is the one shown. */
export const DISTILLED_SPELLINGS = spellings(huggingFace(["deit", "vit"], [["cls_classifier", "head"]]));
