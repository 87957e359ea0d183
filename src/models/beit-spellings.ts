/** @file BEiT's names in Hugging Face, also for data2vec's image network, which is a BEiT. The authors have timm's names. */

import type { Spelling } from "./arch.js";
import type { Names } from "./spelling.js";

const HUGGING_FACE: Names = [
  [".embeddings.cls_token", "cls_token"],
  [".embeddings.dropout", "pos_drop"],
  [".embeddings.patch_embeddings.projection", "patch_embed.proj"],
  [".embeddings.patch_embeddings", "patch_embed"],
  [".layernorm", "norm"],
  [".pooler.layernorm", "fc_norm"],
  ["classifier", "head"],
];

/** As in files, and as in the modules of transformers 4 and earlier. */
const TRANSFORMERS_4: Names = [
  [".encoder.layer.{i}.layernorm_before", "blocks.{i}.norm1"],
  [".encoder.layer.{i}.lambda_1", "blocks.{i}.gamma_1"],
  [".encoder.layer.{i}.lambda_2", "blocks.{i}.gamma_2"],
  [".encoder.layer.{i}.attention.attention.query", "blocks.{i}.attn.q"],
  [".encoder.layer.{i}.attention.attention.key", "blocks.{i}.attn.k"],
  [".encoder.layer.{i}.attention.attention.value", "blocks.{i}.attn.v"],
  [
    ".encoder.layer.{i}.attention.attention.relative_position_bias.relative_position_bias_table",
    "blocks.{i}.attn.relative_position_bias_table",
  ],
  [
    ".encoder.layer.{i}.attention.attention.relative_position_bias.relative_position_index",
    "blocks.{i}.attn.relative_position_index",
  ],
  [".encoder.layer.{i}.attention.output.dense", "blocks.{i}.attn.proj"],
  [".encoder.layer.{i}.attention", "blocks.{i}.attn"],
  [".encoder.layer.{i}.layernorm_after", "blocks.{i}.norm2"],
  [".encoder.layer.{i}.intermediate.dense", "blocks.{i}.mlp.fc1"],
  [".encoder.layer.{i}.intermediate", "blocks.{i}.mlp.act"],
  [".encoder.layer.{i}.output.dense", "blocks.{i}.mlp.fc2"],
  ["", "blocks.{i}.mlp"],
  [".encoder.layer.{i}", "blocks.{i}"],
  [".encoder.layer", "blocks"],
];

const TRANSFORMERS_5: Names = [
  [".layers.{i}.layernorm_before", "blocks.{i}.norm1"],
  [".layers.{i}.lambda_1", "blocks.{i}.gamma_1"],
  [".layers.{i}.lambda_2", "blocks.{i}.gamma_2"],
  [".layers.{i}.attention.q_proj", "blocks.{i}.attn.q"],
  [".layers.{i}.attention.k_proj", "blocks.{i}.attn.k"],
  [".layers.{i}.attention.v_proj", "blocks.{i}.attn.v"],
  [
    ".layers.{i}.relative_position_bias.relative_position_bias_table",
    "blocks.{i}.attn.relative_position_bias_table",
  ],
  [".layers.{i}.attention.o_proj", "blocks.{i}.attn.proj"],
  [".layers.{i}.attention", "blocks.{i}.attn"],
  [".layers.{i}.layernorm_after", "blocks.{i}.norm2"],
  [".layers.{i}.mlp.activation_fn", "blocks.{i}.mlp.act"],
  [".layers.{i}.mlp", "blocks.{i}.mlp"],
  [".layers.{i}", "blocks.{i}"],
  [".layers", "blocks"],
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
