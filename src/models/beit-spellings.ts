/** @file BEiT's names in Hugging Face, also for data2vec's image network, which is a BEiT. The authors have timm's names. */

import { AROUND_BLOCKS, BLOCKS_4, BLOCKS_5 } from "./hugging-face-names.js";
import type { Spelling } from "./arch.js";
import type { Names } from "./spelling.js";

const HUGGING_FACE: Names = [...AROUND_BLOCKS, [".pooler.layernorm", "fc_norm"]];

const BIASES = "relative_position_bias.relative_position";

/** As in files, and as in the modules of transformers 4 and earlier. */
const TRANSFORMERS_4: Names = [
  [".encoder.layer.{i}.lambda_1", "blocks.{i}.gamma_1"],
  [".encoder.layer.{i}.lambda_2", "blocks.{i}.gamma_2"],
  [
    `.encoder.layer.{i}.attention.attention.${BIASES}_bias_table`,
    "blocks.{i}.attn.relative_position_bias_table",
  ],
  [`.encoder.layer.{i}.attention.attention.${BIASES}_index`, "blocks.{i}.attn.relative_position_index"],
  ...BLOCKS_4,
];

const TRANSFORMERS_5: Names = [
  [".layers.{i}.lambda_1", "blocks.{i}.gamma_1"],
  [".layers.{i}.lambda_2", "blocks.{i}.gamma_2"],
  [`.layers.{i}.${BIASES}_bias_table`, "blocks.{i}.attn.relative_position_bias_table"],
  ...BLOCKS_5,
];

export const BEIT_SPELLINGS: readonly Spelling[] = [
  { name: "timm" },
  {
    name: "huggingface",
    table: {
      roots: ["beit", "data2vec_vision"],
      names: [...TRANSFORMERS_4, ...HUGGING_FACE],
      later: [...TRANSFORMERS_5, ...HUGGING_FACE],
    },
  },
];
