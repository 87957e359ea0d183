/** @file Architectures of inverted residuals in the implementations that publish them: their names there, and what differs. */

import type { Pair } from "../graph/types.js";
import {
  IMAGENET,
  square,
  TENSORFLOW_EPS,
  type ArchDef,
  type BuildOptions,
  type DepthwiseSettings,
  type FileAssumptions,
  type TrainedInput,
  type Spelling,
  type SpellingKeys,
} from "./arch.js";
import type { Family } from "./family.js";
import { anotherHead, CLASSIFIER, keysOf } from "./head.js";
import { buildEfficientNet, buildMobileNetV2 } from "./mobile-huggingface.js";
import { buildLukemelas } from "./mobile-lukemelas.js";
import type { MobileShape } from "./mobile-shape.js";
import { buildTimm } from "./mobile-timm.js";
import { buildTorchvision, type TorchvisionOptions } from "./mobile-torchvision.js";
import type { NameTable } from "./spelling.js";
import { phrase, say } from "../language/say.js";

/** How an implementation's weights were evaluated. Default: ImageNet's statistics and 224 pixels. */
interface Evaluated {
  readonly size?: number;
  readonly statistics?: Pick<TrainedInput, "mean" | "std">;
}

/** The implementations of an architecture, in the order of preference. */
export interface Implementations {
  readonly torchvision?: Evaluated & TorchvisionOptions;
  /** `tf`: as TensorFlow pads and norms. */
  readonly timm?: Evaluated & { readonly tf?: boolean };
  /** The size is also that which its padding is for. */
  readonly efficientnet_pytorch?: Evaluated;
  /** The same of EfficientNet's; MobileNetV2 pads for the picture at hand. */
  readonly huggingface?: Evaluated & { readonly network: "EfficientNet" | "MobileNetV2" };
}

type Implementation = keyof Implementations;

const keys = (stem: string, layer: string, head: string, headKeys?: RegExp): SpellingKeys => ({
  ...keysOf(stem, layer, head),
  keyRules: [anotherHead(head, headKeys)],
});

const HUGGING_FACE: Readonly<Record<string, readonly [stem: string, layer: string]>> = {
  EfficientNet: ["embeddings.convolution", "efficientnet.encoder.top_activation"],
  MobileNetV2: ["conv_stem.first_conv.convolution", "mobilenet_v2.conv_1x1"],
};

/** The file's names below its root, which the graph lacks; they are the graph's own. */
const inRoot = (root: string, names: readonly string[]): NameTable => ({
  roots: [root],
  names: [...names.map((name) => [`.${name}`, name] as const), ["classifier", "classifier"]],
});

const HUGGING_FACE_NAMES = {
  EfficientNet: inRoot("efficientnet", ["embeddings", "encoder", "pooler"]),
  MobileNetV2: inRoot("mobilenet_v2", ["conv_stem", "layer", "conv_1x1", "pooler"]),
};

function keysIn(
  implementation: Implementation,
  { hidden }: MobileShape,
  { huggingface }: Implementations,
): SpellingKeys {
  switch (implementation) {
    case "huggingface":
      return keys(...HUGGING_FACE[huggingface!.network]!, "classifier");
    case "torchvision":
      return hidden === undefined
        ? keys("features.0.0", "features[-1]", "classifier.1", CLASSIFIER)
        : keys("features.0.0", "features[-1]", "classifier.3");
    case "timm":
      // MobileNetV3's last convolution is after the pooling.
      return keys("conv_stem", hidden === undefined ? "bn2" : "blocks[-1]", "classifier");
    case "efficientnet_pytorch":
      // The `_swish` that follows is called for the stem too.
      return keys("_conv_stem", "_bn1", "_fc");
  }
}

const preprocessingOf = ({ size = 224, statistics = IMAGENET }: Evaluated): TrainedInput => ({
  size: square(size),
  mean: statistics.mean,
  std: statistics.std,
});

/** What state dicts do not hold: the size that a network pads for, where that is not the picture's, and how. */
const paddingOf =
  ({ efficientnet_pytorch: lukemelas, huggingface }: Implementations) =>
  ({ spelling, size, modules }: BuildOptions): FileAssumptions => {
    const value = (own: Pair): string => say`of ${own.join("x")} pixels`;
    if (modules !== undefined) return {};
    if (spelling === "efficientnet_pytorch") {
      const own = preprocessingOf(lukemelas!).size;
      const because = say`efficientnet_pytorch pads for the size that the network was made for, and a state dict does not hold it`;
      return size.every((side, i) => side === own[i]) ? {} : { padding: { value: value(own), because } };
    }
    if (spelling !== "huggingface") return {};
    if (huggingface!.network === "MobileNetV2") {
      const because = say`Google's networks have tf_padding in their configuration, and a state dict does not hold it`;
      return { padding: { value: say`as TensorFlow's`, because } };
    }
    const because = say`the published network has depthwise_padding for that size in its configuration, and a state dict does not hold it`;
    return { padding: { value: value(preprocessingOf(huggingface!).size), because } };
  };

function depthwiseOf({ stages }: MobileShape, [madeFor]: Pair): DepthwiseSettings {
  const strides = stages.map(([first]) => first!.stride);
  let side = Math.ceil(madeFor / 2);
  const halving: number[] = [];
  const odd: number[] = [];
  for (const [i, { stride }] of stages.flat().entries()) {
    if (stride !== 2) continue;
    halving.push(i);
    if (side % 2 === 1) odd.push(i);
    side = Math.ceil(side / 2);
  }
  return { strides, halving, odd };
}

export function mobileArch(family: Family, shape: MobileShape, implementations: Implementations): ArchDef {
  const all = Object.entries(implementations) as [Implementation, Evaluated][];
  const [first, usual] = all[0]!;
  const { torchvision, timm, efficientnet_pytorch: lukemelas, huggingface } = implementations;
  return {
    family,
    act: shape.act,
    ...(huggingface?.network === "EfficientNet" && {
      depthwise: depthwiseOf(shape, preprocessingOf(huggingface).size),
    }),
    build: (b, o) => {
      if (o.spelling === "torchvision") return buildTorchvision(b, shape, torchvision!, o);
      if (o.spelling === "timm") return buildTimm(b, shape, timm!.tf ?? false, o);
      if (o.spelling === "efficientnet_pytorch")
        return buildLukemelas(b, shape, preprocessingOf(lukemelas!).size, o);
      return huggingface!.network === "MobileNetV2"
        ? buildMobileNetV2(b, shape, o)
        : buildEfficientNet(b, shape, preprocessingOf(huggingface!).size, o);
    },
    preprocessing: preprocessingOf(usual),
    minSize: 32,
    ...keysIn(first, shape, implementations),
    keyRules: [],
    spellings: all.map(([name, evaluated]): Spelling => ({
      name,
      ...keysIn(name, shape, implementations),
      ...(name === "huggingface" && { table: HUGGING_FACE_NAMES[huggingface!.network] }),
      statistics: preprocessingOf(evaluated),
    })),
    stem: [shape.stem, 3],
    ...((lukemelas || huggingface) && {
      reading: { size: () => undefined, assumed: paddingOf(implementations) },
    }),
    ...(timm?.tf && {
      differs: phrase`TensorFlow's padding and batch-norm epsilon`,
      batchNormEps: TENSORFLOW_EPS,
    }),
  };
}
