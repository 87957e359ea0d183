/** @file DINOv2's names in timm, in the original repository and in Hugging Face. */

import { AROUND_BLOCKS, attention4, attention5 } from "./hugging-face-names.js";
import { IMAGENET, type Spelling } from "./arch.js";
import { below, type Names, type NameTable } from "./spelling.js";
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

const inMlp = (theirs: string, names: Readonly<Record<string, string>>): Names =>
  below(`${theirs}.mlp`, "blocks.{i}.mlp", names);

const ORIGINAL_MLP: FeedForward = {
  plain: inMlp("blocks.{i}", { fc1: "fc1", fc2: "fc2", act: "act" }),
  gated: inMlp("blocks.{i}", { w12: "fc1", w3: "fc2", "": "act" }),
};

const LAYER = ".encoder.layer.{i}";

const TRANSFORMERS_4_MLP: FeedForward = {
  plain: inMlp(LAYER, { fc1: "fc1", fc2: "fc2", activation: "act" }),
  gated: inMlp(LAYER, { weights_in: "fc1", weights_out: "fc2", "": "act" }),
};

const TRANSFORMERS_5_MLP: FeedForward = {
  plain: inMlp(LAYER, { fc1: "fc1", fc2: "fc2", activation_fn: "act" }),
  gated: inMlp(LAYER, { gate_proj: "gate", up_proj: "up", down_proj: "fc2", act_fn: "act" }),
};

const HUGGING_FACE: Names = [
  ...AROUND_BLOCKS,
  [".embeddings.register_tokens", "reg_token"],
  [".embeddings.position_embeddings", "pos_embed"],
  [`${LAYER}.layer_scale1.lambda1`, "blocks.{i}.ls1.gamma"],
  [`${LAYER}.layer_scale2.lambda1`, "blocks.{i}.ls2.gamma"],
  [`${LAYER}.layer_scale1`, "blocks.{i}.ls1"],
  [`${LAYER}.layer_scale2`, "blocks.{i}.ls2"],
  [`${LAYER}.attention`, "blocks.{i}.attn"],
  [LAYER, "blocks.{i}"],
  [".encoder.layer", "blocks"],
];

const TRANSFORMERS_4 = attention4(LAYER, "blocks.{i}", "attention");
const TRANSFORMERS_5 = attention5(LAYER, "blocks.{i}");

const huggingFace = (roots: readonly string[], gated: boolean): NameTable => ({
  roots,
  names: [...inOrder(TRANSFORMERS_4_MLP, gated), ...TRANSFORMERS_4, ...HUGGING_FACE],
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
