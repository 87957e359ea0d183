/** @file Settings in training states that change what a network computes but not its keys. */

import type { Json } from "../checkpoint/json.js";
import {
  TENSORFLOW_EPS,
  TOKEN_READERS,
  TRANSFORMERS,
  type ArchDef,
  type ModelFamily,
} from "../models/arch.js";
import { activationOf, LAYER_NORMED } from "./network-activations.js";
import { isSame } from "./settler.js";
import { wordsCalled, type FileWords, type Said } from "./file-words.js";
import { phrase, say, translated } from "../language/say.js";

interface NetworkSetting {
  readonly names: readonly string[];
  /** The computation in words; undefined if the setting says nothing of this architecture. */
  readonly computed: (of: ArchDef) => string | undefined;
  /** True if a value means another computation; undefined for values of a program's own, which say nothing. */
  readonly differs: (value: Json, of: ArchDef) => boolean;
}

/** Families in which timm has members with blur pooling. */
const ANTI_ALIASED: ReadonlySet<ModelFamily> = new Set([
  ...(["resnet", "resnet-d", "se-resnet", "resnest"] as const),
  ...(["densenet", "efficientnet", "mobilenet"] as const),
]);

/** transformers' `layer_norm_eps`. In ConvNeXt it is of the last norm alone, in MobileNetV2 of the batch norms. */
const LAYER_NORM_EPS: { readonly [F in ModelFamily]?: number } = {
  vit: 1e-6,
  dinov2: 1e-6,
  beit: 1e-6,
  siglip: 1e-6,
  "pvt-v2": 1e-6,
  convnext: 1e-6,
  clip: 1e-5,
  swin: 1e-5,
  "swin-v2": 1e-5,
  mobilenet: TENSORFLOW_EPS,
};

/** Implementations of one network have 1e-6 and 1e-12, which give the same numbers. */
const SAME_EPS = 2e-6;

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
    names: ["window_size"],
    computed: ({ window }) => (window === undefined ? undefined : say`windows of ${window}x${window}`),
    differs: (value, { window }) =>
      [value].flat().some((side) => typeof side === "number" && side !== window),
  },
  {
    // For poolings that the tensors do not show
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
    names: ["layer_norm_eps"],
    computed: ({ family }) => {
      const eps = LAYER_NORM_EPS[family];
      return eps === undefined ? undefined : say`an eps of ${eps.toExponential()}`;
    },
    differs: (value, { family }) =>
      typeof value === "number" && Math.abs(value - LAYER_NORM_EPS[family]!) > SAME_EPS,
  },
  {
    // transformers' EfficientNet
    names: ["batch_norm_eps"],
    computed: ({ depthwise }) => depthwise && say`an eps of ${TENSORFLOW_EPS.toExponential()}`,
    differs: (value) => typeof value === "number" && value !== TENSORFLOW_EPS,
  },
  {
    names: ["depthwise_padding"],
    computed: ({ depthwise }) => depthwise && say`the published padding of its blocks of stride 2`,
    differs: (value, { depthwise }) =>
      Array.isArray(value) &&
      depthwise!.halving.some((block) => value.includes(block) !== depthwise!.odd.includes(block)),
  },
  {
    names: ["strides"],
    computed: ({ depthwise }) => depthwise && say`strides of ${depthwise.strides.join(",")}`,
    differs: (value, { depthwise }) => Array.isArray(value) && !isSame(value, depthwise!.strides),
  },
  {
    names: ["num_heads", "num_attention_heads"],
    computed: ({ heads }) => (heads === undefined ? undefined : say`${[heads].flat().join(",")} heads`),
    differs: (value, { heads }) =>
      (typeof value === "number" || Array.isArray(value)) &&
      Array.isArray(value) === Array.isArray(heads) &&
      !isSame(value, heads),
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
