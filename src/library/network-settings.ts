/** @file Settings in training states that change what a network computes but not its keys. */

import type { Json } from "../checkpoint/json.js";
import type { ActivationKind } from "../models/activations.js";
import { TOKEN_READERS, TRANSFORMERS, type ArchDef, type ModelFamily } from "../models/arch.js";
import { wordsCalled, type FileWords, type Said } from "./file-words.js";
import { phrase, say, translated } from "../language/say.js";

interface NetworkSetting {
  readonly names: readonly string[];
  /** The computation in words; undefined if the setting says nothing of this architecture. */
  readonly computed: (of: ArchDef) => string | undefined;
  /** True if a value means another computation; undefined for values of a program's own, which say nothing. */
  readonly differs: (value: Json, of: ArchDef) => boolean;
}

/** Families without batch norms. */
const LAYER_NORMED: ReadonlySet<ModelFamily> = new Set([...TRANSFORMERS, "convnext"]);
/** Families in which timm has members with blur pooling. */
const ANTI_ALIASED: ReadonlySet<ModelFamily> = new Set([
  ...(["resnet", "resnet-d", "se-resnet", "resnest"] as const),
  ...(["densenet", "efficientnet", "mobilenet"] as const),
]);

/** Names of the activations of each family whose activation is not ReLU. */
const ACTIVATIONS: { readonly [F in ModelFamily]?: readonly [said: string, names: RegExp] } = {
  vit: ["GELU", /(?:^|[._])gelu$/i],
  dinov2: [phrase`GELU (SiLU in giant)`, /(?:^|[._])(?:gelu|silu)$/i],
  beit: ["GELU", /(?:^|[._])gelu$/i],
  swin: ["GELU", /(?:^|[._])gelu$/i],
  "swin-v2": ["GELU", /(?:^|[._])gelu$/i],
  "pvt-v2": ["GELU", /(?:^|[._])gelu$/i],
  convnext: ["GELU", /(?:^|[._])gelu$/i],
  efficientnet: [phrase`SiLU (ReLU6 in Lite)`, /(?:^|[._])(?:silu|swish|relu6)$/i],
  mobilenet: [phrase`ReLU6 or Hardswish`, /(?:^|[._])(?:relu6|hard_?swish)$/i],
};

/** For networks that differ in this alone. */
const CLIP_ACTIVATIONS = [
  ["QuickGELU", /(?:^|[._])quick_?gelu(?:activation)?$/i],
  ["GELU", /(?:^|[._])(?<!quick_?)gelu$/i],
] as const;

/** timm's activation of SigLIP. Hugging Face has gelu_pytorch_tanh in all. */
const SIGLIP_ACTIVATIONS: { readonly [K in ActivationKind]?: readonly [said: string, names: RegExp] } = {
  GELU: ["GELU", /(?:^|[._])gelu(?:_pytorch_tanh)?$/i],
  GELUTanh: [phrase`GELU's approximation by tanh`, /(?:^|[._])gelu_?(?:pytorch_?)?tanh$/i],
};

function activationOf({ family, act, differs = "" }: ArchDef): readonly [said: string, names: RegExp] {
  if (family === "siglip") return SIGLIP_ACTIVATIONS[act!]!;
  if (family === "clip") return CLIP_ACTIVATIONS.find(([name]) => differs.startsWith(name))!;
  return ACTIVATIONS[family] ?? ["ReLU", /(?:^|[._])relu$/i];
}

/** Of batch norms in timm's networks, to which the setting belongs. */
const epsOf = ({ batchNormEps = 1e-5 }: ArchDef): number => batchNormEps;

const isOneOf = (value: Json, words: RegExp): boolean => typeof value === "string" && words.test(value);

/** Poolings by the names of timm, of retrieval's programs, and of MONAI. */
const OTHER_POOLING = /^(?:catavgmax|avgmax|max|mac|rmac|gem|gempool|lse|attn|attention|adaptivemax|map)$/i;
const AVERAGE = /^(?:fast_?)?(?:avg|average|mean|gap)$/i;
const TOKEN = /^(?:cls|token|class_?token)$/i;

function poolingOf(family: ModelFamily): readonly [said: string, names: RegExp] {
  if (family === "siglip") return [phrase`attention pooling`, /^(?:map|attn|attention)$/i];
  return TOKEN_READERS.has(family) ? [phrase`its class token`, TOKEN] : [phrase`average pooling`, AVERAGE];
}

const SETTINGS: readonly NetworkSetting[] = [
  {
    // For poolings that the tensors do not show
    names: ["window_size"],
    computed: ({ window }) => (window === undefined ? undefined : say`windows of ${window}x${window}`),
    differs: (value, { window }) =>
      [value].flat().some((side) => typeof side === "number" && side !== window),
  },
  {
    names: ["gp", "global_pool", "pool_type", "pooling", "pooling_type", "global_pooling", "pool"],
    computed: ({ family }) => translated(poolingOf(family)[0]),
    differs: (value, { family }) =>
      [OTHER_POOLING, AVERAGE, TOKEN].some((words) => isOneOf(value, words)) &&
      !isOneOf(value, poolingOf(family)[1]),
  },
  {
    names: ["output_stride"],
    computed: ({ family }) => (TRANSFORMERS.has(family) ? undefined : say`an output stride of 32`),
    differs: (value) => typeof value === "number" && value !== 32,
  },
  {
    names: ["replace_stride_with_dilation"],
    computed: ({ family }) => (family === "resnet" ? say`no dilation` : undefined),
    differs: (value) => Array.isArray(value) && value.some((one) => one === true),
  },
  {
    names: ["act_layer", "activation_layer", "hidden_act"],
    computed: (of) => translated(activationOf(of)[0]),
    differs: (value, of) => typeof value === "string" && !activationOf(of)[1].test(value),
  },
  {
    names: ["bn_eps"],
    computed: (of) => (LAYER_NORMED.has(of.family) ? undefined : say`an eps of ${epsOf(of).toExponential()}`),
    differs: (value, of) => typeof value === "number" && value !== epsOf(of),
  },
  {
    // Of timm's ConvNeXt
    names: ["norm_eps"],
    computed: ({ family }) => (family === "convnext" ? say`an eps of 1e-6` : undefined),
    differs: (value) => typeof value === "number" && value !== 1e-6,
  },
  {
    names: ["bn_tf"],
    computed: ({ family, batchNormEps }) =>
      LAYER_NORMED.has(family) || batchNormEps !== undefined ? undefined : say`PyTorch's BatchNorm`,
    differs: (value) => value === true,
  },
  {
    names: ["aa_layer"],
    computed: ({ family }) => (ANTI_ALIASED.has(family) ? say`no anti-aliasing` : undefined),
    differs: (value) => typeof value === "string" && !/^(?:none|)$/i.test(value),
  },
  {
    names: ["norm_layer"],
    computed: ({ family }) => (LAYER_NORMED.has(family) ? "LayerNorm" : "BatchNorm"),
    differs: (value, { family }) =>
      typeof value === "string" &&
      !(
        LAYER_NORMED.has(family)
          ? /(?:^|[._])(?:layernorm(?:2d)?|ln)$/i
          : /(?:^|[._])(?:sync)?(?:batchnorm(?:2d)?|bn)$/i
      ).test(value),
  },
  {
    // MMPretrain: the place of a bottleneck's stride
    names: ["style"],
    computed: ({ family }) => (family === "resnet" ? say`the stride in its 3x3 convolutions` : undefined),
    differs: (value) => value === "caffe",
  },
  {
    // transformers' ResNet
    names: ["downsample_in_bottleneck"],
    computed: ({ family }) => (family === "resnet" ? say`the stride in its 3x3 convolutions` : undefined),
    differs: (value) => value === true,
  },
  {
    names: ["downsample_in_first_stage"],
    computed({ family }) {
      if (family === "resnet") return say`no stride in its first stage`;
      return family === "regnet" ? say`a stride in its first stage` : undefined;
    },
    differs: (value, { family }) => typeof value === "boolean" && value !== (family === "regnet"),
  },
  {
    // transformers' MobileNet
    names: ["tf_padding"],
    computed: ({ family }) => (family === "mobilenet" ? say`TensorFlow's padding` : undefined),
    differs: (value) => value === false,
  },
];

/** The first setting in the file that differs from the computation. */
export function contradiction(
  words: FileWords,
  def: ArchDef,
): (Said<Json> & { readonly computed: string }) | undefined {
  for (const { names, computed, differs } of SETTINGS) {
    const ours = computed(def);
    if (ours === undefined) continue;
    const [found] = wordsCalled(words, names, (value) => (differs(value, def) ? value : undefined));
    if (found !== undefined) return { value: found.value, from: found.from, computed: ours };
  }
  return undefined;
}
