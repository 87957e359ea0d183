/** @file Names of CLIP's image tower in OpenAI's package, open_clip and Hugging Face. */

import type { Spelling } from "./arch.js";
import { below, multiheadAttention, type Names, type NameTable } from "./spelling.js";

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
    ...multiheadAttention(`${BLOCK}.attn`, "blocks.{i}.attn"),
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

const HUGGING_FACE_ATTENTION = { q_proj: "q", k_proj: "k", v_proj: "v", out_proj: "proj" };
export const HUGGING_FACE_MLP = { fc1: "fc1", activation_fn: "act", fc2: "fc2" };

/** The tower's own names, which SigLIP has too. */
export const HUGGING_FACE_TOWER: Names = [
  [".embeddings.class_embedding", "cls_token"],
  [".embeddings.position_embedding.weight", "pos_embed"],
  [".embeddings.position_embedding", "pos_table"],
  [".embeddings.patch_embedding", "patch_embed.proj"],
  ["", "patch_embed"],
  [`${LAYER}.layer_norm1`, "blocks.{i}.norm1"],
  ...below(`${LAYER}.self_attn`, "blocks.{i}.attn", HUGGING_FACE_ATTENTION),
  [`${LAYER}.self_attn`, "blocks.{i}.attn"],
  [`${LAYER}.layer_norm2`, "blocks.{i}.norm2"],
  ...below(`${LAYER}.mlp`, "blocks.{i}.mlp", HUGGING_FACE_MLP),
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
