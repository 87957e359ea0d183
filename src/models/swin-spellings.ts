/** @file Swin's names in torchvision and Hugging Face. The original's, which timm had too before 0.9, are built (swin.ts). */

import type { Spelling } from "./arch.js";
import { forStages, type Names } from "./spelling.js";

const STAGES = [0, 1, 2, 3];

const TORCHVISION: Names = [
  ["features.0.0", "patch_embed.proj"],
  ["features.0.2", "patch_embed.norm"],
  ["features.0", "patch_embed"],
  ...forStages(STAGES, (s) => {
    const [theirs, ours] = [`features.${2 * s + 1}`, `layers.${s}.blocks`];
    return [
      ["", `layers.${s}`],
      ["", `${ours}.{i}.attn.qkv`],
      [`${theirs}.{i}.stochastic_depth`, `${ours}.{i}.drop_path1`],
      [`${theirs}.{i}.mlp.0`, `${ours}.{i}.mlp.fc1`],
      [`${theirs}.{i}.mlp.1`, `${ours}.{i}.mlp.act`],
      [`${theirs}.{i}.mlp.3`, `${ours}.{i}.mlp.fc2`],
      [theirs, ours],
      s === 0 ? ["", "layers.0.downsample"] : [`features.${2 * s}`, `layers.${s}.downsample`],
    ];
  }),
  ["features", "layers"],
  ["", "head"],
  ["avgpool", "head.global_pool.pool"],
  ["", "head.global_pool"],
  ["head", "head.fc"],
];

/** As in files of transformers 4 and before, then as modules of transformers 5 are called. */
const HUGGING_FACE: Names = [
  [".embeddings.patch_embeddings.projection", "patch_embed.proj"],
  [".embeddings.norm", "patch_embed.norm"],
  [".embeddings", "patch_embed"],
  ...forStages(STAGES, (s) => {
    const [theirs, ours] = [`.encoder.layers.${s}`, `layers.${s}`];
    const [theirBlock, ourBlock] = [`${theirs}.blocks.{i}`, `${ours}.blocks.{i}`];
    return [
      [`${theirBlock}.layernorm_before`, `${ourBlock}.norm1`],
      [`${theirBlock}.attention.self.query`, `${ourBlock}.attn.q`],
      [`${theirBlock}.attention.self.key`, `${ourBlock}.attn.k`],
      [`${theirBlock}.attention.self.value`, `${ourBlock}.attn.v`],
      [`${theirBlock}.attention.self`, `${ourBlock}.attn`],
      [`${theirBlock}.attention.output.dense`, `${ourBlock}.attn.proj`],
      [`${theirBlock}.layernorm_after`, `${ourBlock}.norm2`],
      [`${theirBlock}.intermediate.dense`, `${ourBlock}.mlp.fc1`],
      [`${theirBlock}.intermediate`, `${ourBlock}.mlp.act`],
      [`${theirBlock}.output.dense`, `${ourBlock}.mlp.fc2`],
      ["", `${ourBlock}.mlp`],
      [`${theirBlock}.attention.q_proj`, `${ourBlock}.attn.q`],
      [`${theirBlock}.attention.k_proj`, `${ourBlock}.attn.k`],
      [`${theirBlock}.attention.v_proj`, `${ourBlock}.attn.v`],
      [`${theirBlock}.attention.relative_position_bias`, `${ourBlock}.attn`],
      [`${theirBlock}.attention.o_proj`, `${ourBlock}.attn.proj`],
      [`${theirBlock}.mlp`, `${ourBlock}.mlp`],
      // A stage ends with the merging that ours begins with.
      ...(s < 3 ? [[`${theirs}.downsample`, `layers.${s + 1}.downsample`] as const] : []),
      ["", ours],
      [`${theirs}.blocks`, `${ours}.blocks`],
    ];
  }),
  ["", "layers.0.downsample"],
  ["", "layers"],
  [".layernorm", "norm"],
  ["", "head"],
  ["", "head.global_pool"],
  [".pooler", "head.global_pool.pool"],
  ["classifier", "head.fc"],
];

export const SWIN_SPELLINGS: readonly Spelling[] = [
  { name: "timm" },
  { name: "original" },
  { name: "torchvision", table: { names: TORCHVISION } },
  { name: "huggingface", table: { roots: ["swin"], names: HUGGING_FACE } },
];
