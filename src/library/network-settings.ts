/** @file Settings in training states that change what a network computes but not its keys. */

import type { Json } from "../checkpoint/json.js";
import { TRANSFORMERS, type ModelFamily } from "../models/arch.js";
import { ARCHITECTURES, type Arch } from "../models/registry.js";
import { wordsCalled, type FileWords, type Said } from "./file-words.js";

interface NetworkSetting {
  readonly names: readonly string[];
  /** What is computed, in words; undefined where the setting does not apply to this family. */
  readonly computed: (family: ModelFamily) => string | undefined;
  /** Whether a value is another one; undefined values of programs' own making say nothing. */
  readonly differs: (value: Json, family: ModelFamily) => boolean;
}

const isOneOf = (value: Json, words: RegExp): boolean => typeof value === "string" && words.test(value);

/** Poolings by the names of timm, of retrieval's programs, and of MONAI. */
const OTHER_POOLING = /^(?:catavgmax|avgmax|max|mac|rmac|gem|gempool|lse|attn|attention|adaptivemax|map)$/i;
const AVERAGE = /^(?:fast_?)?(?:avg|average|mean|gap)$/i;
const TOKEN = /^(?:cls|token|class_?token)$/i;

const SETTINGS: readonly NetworkSetting[] = [
  {
    names: ["gp", "global_pool", "pool_type", "pooling", "pooling_type", "global_pooling", "pool"],
    computed: (family) => (family === "vit" ? "its class token" : "average pooling"),
    differs: (value, family) =>
      isOneOf(value, OTHER_POOLING) || isOneOf(value, family === "vit" ? AVERAGE : TOKEN),
  },
  {
    names: ["output_stride"],
    computed: (family) => (TRANSFORMERS.has(family) ? undefined : "an output stride of 32"),
    differs: (value) => typeof value === "number" && value !== 32,
  },
  {
    names: ["replace_stride_with_dilation"],
    computed: (family) => (family === "resnet" ? "no dilation" : undefined),
    differs: (value) => Array.isArray(value) && value.some((one) => one === true),
  },
  {
    names: ["act_layer", "activation_layer"],
    computed: (family) => (TRANSFORMERS.has(family) ? "GELU" : "ReLU"),
    differs: (value, family) =>
      typeof value === "string" &&
      !(TRANSFORMERS.has(family) ? /(?:^|[._])gelu$/i : /(?:^|[._])relu$/i).test(value),
  },
  {
    names: ["bn_eps"],
    computed: (family) => (TRANSFORMERS.has(family) ? undefined : "an eps of 1e-5"),
    differs: (value) => typeof value === "number" && value !== 1e-5,
  },
  {
    names: ["bn_tf"],
    computed: (family) => (TRANSFORMERS.has(family) ? undefined : "PyTorch's BatchNorm"),
    differs: (value) => value === true,
  },
  {
    names: ["aa_layer"],
    computed: (family) => (family === "resnet" || family === "densenet" ? "no anti-aliasing" : undefined),
    differs: (value) => typeof value === "string" && !/^(?:none|)$/i.test(value),
  },
  {
    names: ["norm_layer"],
    computed: (family) => (TRANSFORMERS.has(family) ? "LayerNorm" : "BatchNorm"),
    differs: (value, family) =>
      typeof value === "string" &&
      !(
        TRANSFORMERS.has(family)
          ? /(?:^|[._])(?:layernorm|ln)$/i
          : /(?:^|[._])(?:sync)?(?:batchnorm(?:2d)?|bn)$/i
      ).test(value),
  },
  {
    // MMPretrain: where a bottleneck's stride stands
    names: ["style"],
    computed: (family) => (family === "resnet" ? "the stride in its 3x3 convolutions" : undefined),
    differs: (value) => value === "caffe",
  },
];

/** The first setting of the file's that is another one than what is computed. */
export function contradiction(
  words: FileWords,
  arch: Arch,
): (Said<Json> & { readonly computed: string }) | undefined {
  const { family } = ARCHITECTURES[arch];
  for (const { names, computed, differs } of SETTINGS) {
    const ours = computed(family);
    if (ours === undefined) continue;
    const [found] = wordsCalled(words, names, (value) => (differs(value, family) ? value : undefined));
    if (found !== undefined) return { value: found.value, from: found.from, computed: ours };
  }
  return undefined;
}
