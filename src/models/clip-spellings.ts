/** @file Names of CLIP's image tower in OpenAI's package, open_clip and Hugging Face. */

import type { Spelling } from "./arch.js";
import type { Names, NameTable } from "./spelling.js";

const BLOCK = "transformer.resblocks.{i}";

/** Below `visual` of a model with both towers. */
const OPEN: NameTable = {
  names: [
    ["", "patch_embed"],
    ["conv1", "patch_embed.proj"],
    ["class_embedding", "cls_token"],
    ["positional_embedding", "pos_embed"],
    ["patch_dropout", "patch_drop"],
    ["ln_pre", "norm_pre"],
    [`${BLOCK}.ln_1`, "blocks.{i}.norm1"],
    [`${BLOCK}.attn.in_proj_weight`, "blocks.{i}.attn.qkv.weight"],
    [`${BLOCK}.attn.in_proj_bias`, "blocks.{i}.attn.qkv.bias"],
    ["", "blocks.{i}.attn.qkv"],
    [`${BLOCK}.attn.out_proj`, "blocks.{i}.attn.proj"],
    [`${BLOCK}.ls_1`, "blocks.{i}.ls1"],
    [`${BLOCK}.ln_2`, "blocks.{i}.norm2"],
    [`${BLOCK}.mlp.c_fc`, "blocks.{i}.mlp.fc1"],
    [`${BLOCK}.mlp.gelu`, "blocks.{i}.mlp.act"],
    [`${BLOCK}.mlp.c_proj`, "blocks.{i}.mlp.fc2"],
    [`${BLOCK}.ls_2`, "blocks.{i}.ls2"],
    [BLOCK, "blocks.{i}"],
    ["transformer.resblocks", "blocks"],
    ["ln_post", "norm"],
  ],
};

const LAYER = ".encoder.layers.{i}";

/** The tower's own names, which SigLIP has too. */
export const HUGGING_FACE_TOWER: Names = [
  [".embeddings.class_embedding", "cls_token"],
  [".embeddings.position_embedding.weight", "pos_embed"],
  [".embeddings.position_embedding", "pos_table"],
  [".embeddings.patch_embedding", "patch_embed.proj"],
  ["", "patch_embed"],
  [`${LAYER}.layer_norm1`, "blocks.{i}.norm1"],
  [`${LAYER}.self_attn.q_proj`, "blocks.{i}.attn.q"],
  [`${LAYER}.self_attn.k_proj`, "blocks.{i}.attn.k"],
  [`${LAYER}.self_attn.v_proj`, "blocks.{i}.attn.v"],
  [`${LAYER}.self_attn.out_proj`, "blocks.{i}.attn.proj"],
  [`${LAYER}.self_attn`, "blocks.{i}.attn"],
  [`${LAYER}.layer_norm2`, "blocks.{i}.norm2"],
  [`${LAYER}.mlp.fc1`, "blocks.{i}.mlp.fc1"],
  [`${LAYER}.mlp.activation_fn`, "blocks.{i}.mlp.act"],
  [`${LAYER}.mlp.fc2`, "blocks.{i}.mlp.fc2"],
  [LAYER, "blocks.{i}"],
  [".encoder.layers", "blocks"],
  [".post_layernorm", "norm"],
  ["classifier", "head"],
];

const HUGGING_FACE: NameTable = {
  roots: ["vision_model"],
  names: [
    // The misspelling is transformers'.
    [".pre_layrnorm", "norm_pre"],
    ["visual_projection", "projection"],
    ...HUGGING_FACE_TOWER,
  ],
};

/**
 * @param ofOpenAi true for OpenAI's network. Files of OpenAI's package hold numbers that open_clip's lack
 * @param projection features of the published embedding
 */
export const clipSpellings = (ofOpenAi: boolean, projection: number): readonly Spelling[] => [
  { name: "timm", projection },
  { name: "open_clip", table: OPEN },
  ...(ofOpenAi ? [{ name: "openai", table: OPEN, mark: "input_resolution" } as const] : []),
  { name: "huggingface", table: HUGGING_FACE },
];
