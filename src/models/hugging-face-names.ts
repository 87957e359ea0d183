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

/** A block's attention, as in files and in transformers 4 and earlier. @param inner their module of query, key and value */
export const attention4 = (theirs: string, ours: string, inner: "attention" | "self"): Names => [
  ...below(`${theirs}.attention.${inner}`, `${ours}.attn`, { query: "q", key: "k", value: "v" }),
  [`${theirs}.attention.output.dense`, `${ours}.attn.proj`],
];

/** A block's attention in transformers 5. */
export const attention5 = (theirs: string, ours: string): Names => [
  ...below(`${theirs}.attention`, `${ours}.attn`, { q_proj: "q", k_proj: "k", v_proj: "v", o_proj: "proj" }),
  [`${theirs}.attention`, `${ours}.attn`],
];

/** A block's MLP in transformers 4 and earlier. */
export const mlp4 = (theirs: string, ours: string): Names => [
  [`${theirs}.intermediate.dense`, `${ours}.mlp.fc1`],
  [`${theirs}.intermediate`, `${ours}.mlp.act`],
  [`${theirs}.output.dense`, `${ours}.mlp.fc2`],
  ["", `${ours}.mlp`],
];

/** A block's MLP in transformers 5. */
export const mlp5 = (theirs: string, ours: string): Names => [
  [`${theirs}.mlp.activation_fn`, `${ours}.mlp.act`],
  [`${theirs}.mlp`, `${ours}.mlp`],
];

/** As in files, and as in the modules of transformers 4 and earlier. */
export const BLOCKS_4: Names = [
  [".encoder.layer.{i}.layernorm_before", "blocks.{i}.norm1"],
  ...attention4(".encoder.layer.{i}", "blocks.{i}", "attention"),
  [".encoder.layer.{i}.attention", "blocks.{i}.attn"],
  [".encoder.layer.{i}.layernorm_after", "blocks.{i}.norm2"],
  ...mlp4(".encoder.layer.{i}", "blocks.{i}"),
  [".encoder.layer.{i}", "blocks.{i}"],
  [".encoder.layer", "blocks"],
];

export const BLOCKS_5: Names = [
  [".layers.{i}.layernorm_before", "blocks.{i}.norm1"],
  ...attention5(".layers.{i}", "blocks.{i}"),
  [".layers.{i}.layernorm_after", "blocks.{i}.norm2"],
  ...mlp5(".layers.{i}", "blocks.{i}"),
  [".layers.{i}", "blocks.{i}"],
  [".layers", "blocks"],
];
