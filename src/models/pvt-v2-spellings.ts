/** @file PVTv2's names in the original repository and Hugging Face. */

import type { Spelling } from "./arch.js";
import { below, type Names } from "./spelling.js";

const STAGES = [0, 1, 2, 3];

/** Our name of the patch embedding with which a stage begins. */
const embedding = (stage: number): string => (stage === 0 ? "patch_embed" : `stages.${stage}.downsample`);

const ORIGINAL: Names = [
  ["", "stages"],
  ["", "stages.{i}"],
  ...STAGES.flatMap((s): Names => [
    [`patch_embed${s + 1}`, embedding(s)],
    [`block${s + 1}.{i}.mlp.dwconv.dwconv`, `stages.${s}.blocks.{i}.mlp.dwconv`],
    [`block${s + 1}`, `stages.${s}.blocks`],
    [`norm${s + 1}`, `stages.${s}.norm`],
  ]),
];

const HUGGING_FACE: Names = [
  ["", "stages"],
  ...STAGES.flatMap((s): Names => {
    const [theirs, ours] = [`.encoder.layers.${s}`, `stages.${s}`];
    const [theirBlock, ourBlock] = [`${theirs}.blocks.{i}`, `${ours}.blocks.{i}`];
    return [
      [`${theirs}.patch_embedding.layer_norm`, `${embedding(s)}.norm`],
      [`${theirs}.patch_embedding`, embedding(s)],
      [`${theirBlock}.layer_norm_1`, `${ourBlock}.norm1`],
      ...below(`${theirBlock}.attention`, `${ourBlock}.attn`, { query: "q", key: "k", value: "v" }),
      [`${theirBlock}.attention.spatial_reduction`, `${ourBlock}.attn.sr`],
      [`${theirBlock}.attention.layer_norm`, `${ourBlock}.attn.norm`],
      [`${theirBlock}.attention`, `${ourBlock}.attn`],
      [`${theirBlock}.layer_norm_2`, `${ourBlock}.norm2`],
      [`${theirBlock}.mlp.dense1`, `${ourBlock}.mlp.fc1`],
      [`${theirBlock}.mlp.dwconv.dwconv`, `${ourBlock}.mlp.dwconv`],
      [`${theirBlock}.mlp.intermediate_act_fn`, `${ourBlock}.mlp.act`],
      [`${theirBlock}.mlp.dense2`, `${ourBlock}.mlp.fc2`],
      [`${theirs}.layer_norm`, `${ours}.norm`],
      [theirs, ours],
    ];
  }),
  ["classifier", "head"],
];

export const PVT_SPELLINGS: readonly Spelling[] = [
  { name: "timm" },
  { name: "original", table: { names: ORIGINAL } },
  { name: "huggingface", table: { roots: ["pvt_v2"], names: HUGGING_FACE } },
];
