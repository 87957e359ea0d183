/** @file Swin's and Swin V2's names in torchvision and Hugging Face. swin.ts derives the original's, which timm had before 0.9. */

import type { Spelling } from "./arch.js";
import { attention4, attention5, mlp4, mlp5 } from "./hugging-face-names.js";
import { below, type Names, type NameTable } from "./spelling.js";

const STAGES = [0, 1, 2, 3];

const TORCHVISION: Names = [
  ["features.0.0", "patch_embed.proj"],
  ["features.0.2", "patch_embed.norm"],
  ["features.0", "patch_embed"],
  ...STAGES.flatMap((s): Names => {
    const [theirs, ours] = [`features.${2 * s + 1}`, `layers.${s}.blocks`];
    return [
      ["", `layers.${s}`],
      ["", `${ours}.{i}.attn.qkv`],
      [`${theirs}.{i}.stochastic_depth`, `${ours}.{i}.drop_path1`],
      ...below(`${theirs}.{i}.mlp`, `${ours}.{i}.mlp`, { 0: "fc1", 1: "act", 3: "fc2" }),
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

/** Hugging Face's names. `block` gives the names inside a block that transformers 5 changed. */
const huggingFace = (block: (theirs: string, ours: string) => Names): Names => [
  [".embeddings.patch_embeddings.projection", "patch_embed.proj"],
  [".embeddings.norm", "patch_embed.norm"],
  [".embeddings", "patch_embed"],
  ...STAGES.flatMap((s): Names => {
    const [theirs, ours] = [`.encoder.layers.${s}`, `layers.${s}`];
    return [
      [`${theirs}.blocks.{i}.layernorm_before`, `${ours}.blocks.{i}.norm1`],
      [`${theirs}.blocks.{i}.layernorm_after`, `${ours}.blocks.{i}.norm2`],
      ...block(`${theirs}.blocks.{i}`, `${ours}.blocks.{i}`),
      // A stage ends with the patch merging. Our next stage begins with it.
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

/** As in files, and as in the modules of transformers 4 and earlier. */
const transformers4 = (theirs: string, ours: string): Names => [
  ...attention4(theirs, ours, "self"),
  [`${theirs}.attention.self`, `${ours}.attn`],
  ...mlp4(theirs, ours),
];

const TRANSFORMERS_4 = huggingFace(transformers4);

const TRANSFORMERS_5 = huggingFace((theirs, ours) => [
  [
    `${theirs}.attention.relative_position_bias.relative_position_bias_table`,
    `${ours}.attn.relative_position_bias_table`,
  ],
  ...attention5(theirs, ours),
  ...mlp5(theirs, ours),
]);

const spellings = (huggingFaceTable: NameTable): readonly Spelling[] => [
  { name: "timm" },
  { name: "original" },
  { name: "torchvision", table: { names: TORCHVISION } },
  { name: "huggingface", table: huggingFaceTable },
];

export const SWIN_SPELLINGS = spellings({ roots: ["swin"], names: TRANSFORMERS_4, later: TRANSFORMERS_5 });

/** transformers 5 did not rename the modules of V2. */
const TRANSFORMERS_V2 = huggingFace((theirs, ours) => [
  [`${theirs}.attention.self.continuous_position_bias_mlp`, `${ours}.attn.cpb_mlp`],
  ...transformers4(theirs, ours),
]);

export const SWIN_V2_SPELLINGS = spellings({ roots: ["swinv2"], names: TRANSFORMERS_V2 });
