/** @file Names that transformers gives to the modules of several kinds of ViT. */

import { below, type Names } from "./spelling.js";

/** All but the blocks. */
export const AROUND_BLOCKS: Names = [
  [".embeddings.cls_token", "cls_token"],
  [".embeddings.dropout", "pos_drop"],
  [".embeddings.patch_embeddings.projection", "patch_embed.proj"],
  [".embeddings.patch_embeddings", "patch_embed"],
  [".layernorm", "norm"],
  ["classifier", "head"],
];

/** An attention, as in files and in transformers 4 and earlier. */
export const ATTENTION_4: Names = [
  ...below(".encoder.layer.{i}.attention.attention", "blocks.{i}.attn", { query: "q", key: "k", value: "v" }),
  [".encoder.layer.{i}.attention.output.dense", "blocks.{i}.attn.proj"],
];

/** Inside an attention in transformers 5. */
export const ATTENTION_5 = { q_proj: "q", k_proj: "k", v_proj: "v", o_proj: "proj" };

/** As in files, and as in the modules of transformers 4 and earlier. */
export const BLOCKS_4: Names = [
  [".encoder.layer.{i}.layernorm_before", "blocks.{i}.norm1"],
  ...ATTENTION_4,
  [".encoder.layer.{i}.attention", "blocks.{i}.attn"],
  [".encoder.layer.{i}.layernorm_after", "blocks.{i}.norm2"],
  [".encoder.layer.{i}.intermediate.dense", "blocks.{i}.mlp.fc1"],
  [".encoder.layer.{i}.intermediate", "blocks.{i}.mlp.act"],
  [".encoder.layer.{i}.output.dense", "blocks.{i}.mlp.fc2"],
  ["", "blocks.{i}.mlp"],
  [".encoder.layer.{i}", "blocks.{i}"],
  [".encoder.layer", "blocks"],
];

export const BLOCKS_5: Names = [
  [".layers.{i}.layernorm_before", "blocks.{i}.norm1"],
  ...below(".layers.{i}.attention", "blocks.{i}.attn", ATTENTION_5),
  [".layers.{i}.attention", "blocks.{i}.attn"],
  [".layers.{i}.layernorm_after", "blocks.{i}.norm2"],
  [".layers.{i}.mlp.activation_fn", "blocks.{i}.mlp.act"],
  [".layers.{i}.mlp", "blocks.{i}.mlp"],
  [".layers.{i}", "blocks.{i}"],
  [".layers", "blocks"],
];
