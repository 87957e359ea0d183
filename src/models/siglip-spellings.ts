/** @file Names of SigLIP's image tower in Hugging Face. open_clip has timm's, below `visual.trunk`. */

import type { Spelling } from "./arch.js";
import { HUGGING_FACE_MLP, HUGGING_FACE_TOWER } from "./clip-spellings.js";
import { below, multiheadAttention } from "./spelling.js";

export const SIGLIP_SPELLINGS: readonly Spelling[] = [
  { name: "timm" },
  {
    name: "huggingface",
    table: {
      roots: ["vision_model"],
      names: [
        [".head.probe", "attn_pool.latent"],
        ...multiheadAttention(".head.attention", "attn_pool.attention"),
        [".head.layernorm", "attn_pool.norm"],
        ...below(".head.mlp", "attn_pool.mlp", HUGGING_FACE_MLP),
        [".head", "attn_pool"],
        ...HUGGING_FACE_TOWER,
      ],
    },
  },
];
