/** @file DINOv2's names in timm, in the original repository and in Hugging Face. */

import { AROUND_BLOCKS, ATTENTION_4 } from "./hugging-face-names.js";
import { IMAGENET, type Spelling } from "./arch.js";
import type { Names, NameTable } from "./spelling.js";
import { phrase } from "../language/say.js";

/** The size at which all implementations but timm evaluate. */
const USUAL = { ...IMAGENET, size: [224, 224] as const };

/** The original has timm's names except for these. The name that is the same shows that a file may be the original's. */
const ORIGINAL: Names = [
  ["blocks", "blocks"],
  ["head", "head"],
  ["linear_head", "head"],
  ["register_tokens", "reg_token"],
];

/** A feed-forward part's layers, as [Linears, SwiGLU's]. */
interface FeedForward {
  readonly plain: Names;
  readonly gated: Names;
}

/** Both are read. If our layer has two names, the first one is shown. */
const inOrder = ({ plain, gated }: FeedForward, isGated: boolean): Names =>
  isGated ? [...gated, ...plain] : [...plain, ...gated];

const ORIGINAL_MLP: FeedForward = {
  plain: [
    ["blocks.{i}.mlp.fc1", "blocks.{i}.mlp.fc1"],
    ["blocks.{i}.mlp.fc2", "blocks.{i}.mlp.fc2"],
    ["blocks.{i}.mlp.act", "blocks.{i}.mlp.act"],
  ],
  gated: [
    ["blocks.{i}.mlp.w12", "blocks.{i}.mlp.fc1"],
    ["blocks.{i}.mlp.w3", "blocks.{i}.mlp.fc2"],
    ["", "blocks.{i}.mlp.act"],
  ],
};

const TRANSFORMERS_4_MLP: FeedForward = {
  plain: [
    [".encoder.layer.{i}.mlp.fc1", "blocks.{i}.mlp.fc1"],
    [".encoder.layer.{i}.mlp.fc2", "blocks.{i}.mlp.fc2"],
    [".encoder.layer.{i}.mlp.activation", "blocks.{i}.mlp.act"],
  ],
  gated: [
    [".encoder.layer.{i}.mlp.weights_in", "blocks.{i}.mlp.fc1"],
    [".encoder.layer.{i}.mlp.weights_out", "blocks.{i}.mlp.fc2"],
    ["", "blocks.{i}.mlp.act"],
  ],
};

const TRANSFORMERS_5_MLP: FeedForward = {
  plain: [
    [".encoder.layer.{i}.mlp.fc1", "blocks.{i}.mlp.fc1"],
    [".encoder.layer.{i}.mlp.fc2", "blocks.{i}.mlp.fc2"],
    [".encoder.layer.{i}.mlp.activation_fn", "blocks.{i}.mlp.act"],
  ],
  gated: [
    [".encoder.layer.{i}.mlp.gate_proj", "blocks.{i}.mlp.gate"],
    [".encoder.layer.{i}.mlp.up_proj", "blocks.{i}.mlp.up"],
    [".encoder.layer.{i}.mlp.down_proj", "blocks.{i}.mlp.fc2"],
    [".encoder.layer.{i}.mlp.act_fn", "blocks.{i}.mlp.act"],
  ],
};

const HUGGING_FACE: Names = [
  ...AROUND_BLOCKS,
  [".embeddings.register_tokens", "reg_token"],
  [".embeddings.position_embeddings", "pos_embed"],
  [".encoder.layer.{i}.layer_scale1.lambda1", "blocks.{i}.ls1.gamma"],
  [".encoder.layer.{i}.layer_scale2.lambda1", "blocks.{i}.ls2.gamma"],
  [".encoder.layer.{i}.layer_scale1", "blocks.{i}.ls1"],
  [".encoder.layer.{i}.layer_scale2", "blocks.{i}.ls2"],
  [".encoder.layer.{i}.attention", "blocks.{i}.attn"],
  [".encoder.layer.{i}", "blocks.{i}"],
  [".encoder.layer", "blocks"],
];

const TRANSFORMERS_5: Names = [
  [".encoder.layer.{i}.attention.q_proj", "blocks.{i}.attn.q"],
  [".encoder.layer.{i}.attention.k_proj", "blocks.{i}.attn.k"],
  [".encoder.layer.{i}.attention.v_proj", "blocks.{i}.attn.v"],
  [".encoder.layer.{i}.attention.o_proj", "blocks.{i}.attn.proj"],
];

const huggingFace = (roots: readonly string[], gated: boolean): NameTable => ({
  roots,
  names: [...inOrder(TRANSFORMERS_4_MLP, gated), ...ATTENTION_4, ...HUGGING_FACE],
  later: [...inOrder(TRANSFORMERS_5_MLP, gated), ...TRANSFORMERS_5, ...HUGGING_FACE],
});

/** Without registers and SwiGLU the original's keys are timm's, and a token of pretraining that timm leaves out. */
export function dinov2Spellings(registers: boolean, gated: boolean): readonly Spelling[] {
  const roots = ["dinov2", "dinov2_with_registers"];
  return [
    { name: "timm" },
    {
      name: "original",
      table: { names: [...inOrder(ORIGINAL_MLP, gated), ...ORIGINAL] },
      keyRules: [
        { name: phrase`blocks in chunks`, pattern: /^blocks\.\d+\.(\d+)\./, replacement: "blocks.$1." },
      ],
      statistics: USUAL,
      mark: "mask_token",
      differs: phrase`positions resampled without antialiasing, pictures of 224 pixels`,
    },
    {
      name: "huggingface",
      table: huggingFace(registers ? roots.reverse() : roots, gated),
      statistics: USUAL,
    },
  ];
}
