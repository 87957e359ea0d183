/** @file Settings in training states that change what a network computes but not its keys. */

import type { Json } from "../../checkpoint/json.js";
import { TENSORFLOW_EPS, type ArchDef } from "../../models/arch.js";
import { CONVNEXT } from "../../models/convnext.js";
import type { Family } from "../../models/family.js";
import { MOBILENET } from "../../models/mobilenet.js";
import { REGNET } from "../../models/regnet.js";
import { RESNET } from "../../models/resnet.js";
import { activationOf, hasLayerNorms, saysOtherActivation } from "./network-activations.js";
import { isSame } from "./setting-resolver.js";
import { valuesNamed, type TrainingState, type FileValue } from "../file/training-state.js";
import { phrase, say, translated } from "../../language/say.js";

interface NetworkSetting {
  readonly names: readonly string[];
  /** The only family of which it says anything. */
  readonly family?: Family;
  /** The computation in words; undefined if the setting says nothing of this architecture. */
  readonly computed: (of: ArchDef) => string | undefined;
  /** True if a value means another computation; undefined for values of a program's own, which say nothing. */
  readonly differs: (value: Json, of: ArchDef) => boolean;
}

/** Implementations of one network have 1e-6 and 1e-12, which give the same numbers. */
const SAME_EPS = 2e-6;

/** transformers' `layer_norm_eps`. In ConvNeXt it is of the last norm alone, in MobileNetV2 of the batch norms. */
const layerNormEpsOf = ({ family }: ArchDef): number | undefined =>
  family === MOBILENET ? TENSORFLOW_EPS : family.layerNormEps;

/** Of batch norms in timm's networks, to which the setting belongs. */
const epsOf = ({ batchNormEps = 1e-5 }: ArchDef): number => batchNormEps;

const isOneOf = (value: Json, words: RegExp): boolean => typeof value === "string" && words.test(value);

/** Poolings by the names of timm, of retrieval's programs, and of MONAI. */
const OTHER_POOLING = /^(?:catavgmax|avgmax|max|mac|rmac|gem|gempool|lse|attn|attention|adaptivemax|map)$/i;
const AVERAGE = /^(?:fast_?)?(?:avg|average|mean|gap)$/i;
const TOKEN = /^(?:cls|token|class_?token)$/i;

const POOLINGS = {
  average: [phrase`average pooling`, AVERAGE],
  token: [phrase`its class token`, TOKEN],
  attention: [phrase`attention pooling`, /^(?:map|attn|attention)$/i],
} as const;

const poolingOf = ({ family }: ArchDef): readonly [said: string, names: RegExp] =>
  POOLINGS[family.pooling ?? "average"];

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
    computed: (of) => translated(poolingOf(of)[0]),
    differs: (value, of) =>
      [OTHER_POOLING, AVERAGE, TOKEN].some((words) => isOneOf(value, words)) &&
      !isOneOf(value, poolingOf(of)[1]),
  },
  {
    names: ["output_stride"],
    computed: ({ family }) => (family.attention ? undefined : say`an output stride of 32`),
    differs: (value) => typeof value === "number" && value !== 32,
  },
  {
    names: ["replace_stride_with_dilation"],
    family: RESNET,
    computed: () => say`no dilation`,
    differs: (value) => Array.isArray(value) && value.some((one) => one === true),
  },
  {
    names: ["act_layer", "activation_layer", "hidden_act"],
    computed: (of) => translated(activationOf(of)[0]),
    differs: saysOtherActivation,
  },
  {
    names: ["bn_eps"],
    computed: (of) => (hasLayerNorms(of.family) ? undefined : say`an eps of ${epsOf(of).toExponential()}`),
    differs: (value, of) => typeof value === "number" && value !== epsOf(of),
  },
  {
    // Of timm's ConvNeXt
    names: ["norm_eps"],
    family: CONVNEXT,
    computed: () => say`an eps of 1e-6`,
    differs: (value) => typeof value === "number" && value !== 1e-6,
  },
  {
    names: ["layer_norm_eps"],
    computed(of) {
      const eps = layerNormEpsOf(of);
      return eps === undefined ? undefined : say`an eps of ${eps.toExponential()}`;
    },
    differs: (value, of) => typeof value === "number" && Math.abs(value - layerNormEpsOf(of)!) > SAME_EPS,
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
    computed: (of) =>
      hasLayerNorms(of.family) || of.batchNormEps !== undefined ? undefined : say`PyTorch's BatchNorm`,
    differs: (value) => value === true,
  },
  {
    names: ["aa_layer"],
    computed: ({ family }) => (family.blurPools ? say`no anti-aliasing` : undefined),
    differs: (value) => typeof value === "string" && !/^(?:none|)$/i.test(value),
  },
  {
    names: ["norm_layer"],
    computed: (of) => (hasLayerNorms(of.family) ? "LayerNorm" : "BatchNorm"),
    differs: (value, of) =>
      typeof value === "string" &&
      !(
        hasLayerNorms(of.family)
          ? /(?:^|[._])(?:layernorm(?:2d)?|ln)$/i
          : /(?:^|[._])(?:sync)?(?:batchnorm(?:2d)?|bn)$/i
      ).test(value),
  },
  {
    // MMPretrain: the place of a bottleneck's stride
    names: ["style"],
    family: RESNET,
    computed: () => say`the stride in its 3x3 convolutions`,
    differs: (value) => value === "caffe",
  },
  {
    // transformers' ResNet
    names: ["downsample_in_bottleneck"],
    family: RESNET,
    computed: () => say`the stride in its 3x3 convolutions`,
    differs: (value) => value === true,
  },
  {
    names: ["downsample_in_first_stage"],
    family: RESNET,
    computed: () => say`no stride in its first stage`,
    differs: (value) => value === true,
  },
  {
    names: ["downsample_in_first_stage"],
    family: REGNET,
    computed: () => say`a stride in its first stage`,
    differs: (value) => value === false,
  },
  {
    // transformers' MobileNet
    names: ["tf_padding"],
    family: MOBILENET,
    computed: () => say`TensorFlow's padding`,
    differs: (value) => value === false,
  },
];

/** The first setting in the file that differs from the computation. */
export function contradiction(
  state: TrainingState,
  def: ArchDef,
): (FileValue<Json> & { readonly computed: string }) | undefined {
  for (const { names, family = def.family, computed, differs } of SETTINGS) {
    const ours = family === def.family ? computed(def) : undefined;
    if (ours === undefined) continue;
    const [found] = valuesNamed(state, names, (value) => (differs(value, def) ? value : undefined));
    if (found !== undefined) return { value: found.value, from: found.from, computed: ours };
  }
  return undefined;
}
