/** @file MobileNetV2 and EfficientNet with the modules of Hugging Face's transformers. */

import type { Builder } from "../graph/builder.js";
import { both } from "../graph/ops/convolution.js";
import type { Node, Pair } from "../graph/types.js";
import { square, TENSORFLOW_EPS, type BuildOptions, type ModelGraph } from "./arch.js";
import type { ConvNorm } from "./conv-norm.js";
import { requireSetting } from "./file-layer.js";
import { classifier } from "./head.js";
import { activation, batchNorm, conv2d, headPool, identity, samePadding } from "./layers.js";
import type { Block, MobileShape } from "./mobile-shape.js";
import { squeezeExcite, squeezeModules } from "./squeeze-excite.js";
import { padsAround, uncalledPad, zeroPad } from "./zero-pad.js";

/** The graph has no root around the features, because bare models lack it. */
function network(
  b: Builder,
  features: (picture: Node) => Node,
  pool: "AdaptiveAvgPool2d" | "AvgPool2d",
  o: BuildOptions,
): ModelGraph {
  const picture = b.input("picture", [b.batch, ...o.size, o.channels]);
  const pooled = headPool(b, "pooler", features(picture), pool);
  return {
    picture,
    logits: classifier(b, "classifier", identity(b, "dropout", pooled, "Dropout"), o.classes),
  };
}

const LAYER = "MobileNetV2ConvLayer";

/** Pads as TensorFlow does for the map at hand, unless `tf_padding` is off in the configuration. */
const mobileLayer = (b: Builder, name: string, x: Node, { act, ...o }: ConvNorm): Node =>
  b.scope(name, LAYER, () => {
    const outside = padsAround(b, "convolution", LAYER, "config.tf_padding");
    const y = conv2d(b, "convolution", x, { ...o, outside, bias: false });
    const normed = batchNorm(b, "normalization", y, TENSORFLOW_EPS);
    return act ? activation(b, "activation", normed, act) : normed;
  });

/** The 3x3 convolution of each channel, and the projection. */
function depthwiseAndProject(b: Builder, x: Node, { expanded, out, stride, kernel, act }: Block): Node {
  const y = mobileLayer(b, "conv_3x3", x, { out: expanded, kernel, stride, groups: expanded, act });
  return mobileLayer(b, "reduce_1x1", y, { out, kernel: 1 });
}

const invertedResidual = (b: Builder, name: string, x: Node, block: Block): Node =>
  b.scope(name, "MobileNetV2InvertedResidual", () => {
    const { expanded, act } = block;
    const hidden = mobileLayer(b, "expand_1x1", x, { out: expanded, kernel: 1, act });
    const y = depthwiseAndProject(b, hidden, block);
    return block.stride === 1 && x.shape[3] === block.out ? b.add(x, y) : y;
  });

/** Its first block stands in the stem. */
export function buildMobileNetV2(
  b: Builder,
  { stem, stages, last, act }: MobileShape,
  o: BuildOptions,
): ModelGraph {
  const [first, ...blocks] = stages.flat() as [Block, ...Block[]];
  const features = (picture: Node): Node => {
    const start = b.scope("conv_stem", "MobileNetV2Stem", () => {
      const x = mobileLayer(b, "first_conv", picture, { out: stem, kernel: 3, stride: 2, act });
      return depthwiseAndProject(b, x, first);
    });
    const x = b.container("layer", "ModuleList", () =>
      blocks.reduce((y, block, i) => invertedResidual(b, `${i}`, y, block), start),
    );
    return mobileLayer(b, "conv_1x1", x, { out: last, kernel: 1, act });
  };
  return network(b, features, "AdaptiveAvgPool2d", o);
}

const norm = (b: Builder, name: string, x: Node): Node => batchNorm(b, name, x, TENSORFLOW_EPS);
const point = (b: Builder, name: string, x: Node, out: number): Node =>
  conv2d(b, name, x, { out, kernel: 1, bias: false });

/** @param size of the map, for a picture of the size that the network pads for, whatever size the picture has */
function depthwise(b: Builder, x: Node, { kernel, stride, act }: Block, size: Pair): Node {
  const pads = stride === 2;
  const groups = x.shape[3]!;
  return b.scope("depthwise_conv", "EfficientNetDepthwiseLayer", () => {
    requireSetting(b, ["stride"], stride);
    if (!pads) uncalledPad(b, "depthwise_conv_pad");
    const sides = samePadding(size, { kernel: square(kernel), stride: square(stride) });
    const input = pads ? zeroPad(b, "depthwise_conv_pad", x, sides) : x;
    const o = { out: groups, kernel, stride, groups, padding: pads ? 0 : (kernel - 1) / 2, bias: false };
    const y = conv2d(b, "depthwise_conv", input, { ...o, kind: "EfficientNetDepthwiseConv2d" });
    return activation(b, "depthwise_act", norm(b, "depthwise_norm", y), act);
  });
}

const SQUEEZE = { reduce: "reduce", act: "act_reduce", expand: "expand", gate: "act_expand" };

const squeeze = (b: Builder, x: Node, { squeezed, act }: Block): Node =>
  b.scope("squeeze_excite", "EfficientNetSqueezeExciteLayer", () =>
    squeezeExcite(b, x, squeezed!, squeezeModules(b, SQUEEZE, { act, gate: "Sigmoid" }, "squeeze")),
  );

const efficientNetBlock = (b: Builder, name: string, x: Node, block: Block, size: Pair): Node =>
  b.scope(name, "EfficientNetBlock", () => {
    const { kind, expanded, out, act, stride } = block;
    const hidden =
      kind === "inverted"
        ? b.scope("expansion", "EfficientNetExpansionLayer", () =>
            activation(b, "expand_act", norm(b, "expand_bn", point(b, "expand_conv", x, expanded)), act),
          )
        : x;
    const squeezed = squeeze(b, depthwise(b, hidden, block, size), block);
    return b.scope("projection", "EfficientNetFinalBlockLayer", () => {
      const y = norm(b, "project_bn", point(b, "project_conv", squeezed, out));
      const isResidual = stride === 1 && x.shape[3] === out;
      requireSetting(b, ["apply_dropout"], isResidual);
      if (isResidual) return b.add(identity(b, "dropout", y, "Dropout"), x);
      b.container("dropout", "Dropout", () => undefined);
      return y;
    });
  });

/** @param madeFor the size of picture that the configuration's `depthwise_padding` is for */
export function buildEfficientNet(
  b: Builder,
  { stem, stages, last, act }: MobileShape,
  madeFor: Pair,
  o: BuildOptions,
): ModelGraph {
  const features = (picture: Node): Node => {
    const start = b.scope("embeddings", "EfficientNetEmbeddings", () => {
      const sides = both((): Pair => [0, 1]);
      const padded = zeroPad(b, "padding", picture, sides);
      const x = conv2d(b, "convolution", padded, { out: stem, kernel: 3, stride: 2, bias: false });
      return activation(b, "activation", norm(b, "batchnorm", x), act);
    });
    const halved = (side: Pair, stride: number): Pair => both((axis) => Math.ceil(side[axis] / stride));
    return b.container("encoder", "EfficientNetEncoder", () => {
      let size = halved(madeFor, 2);
      const x = b.container("blocks", "ModuleList", () =>
        stages.flat().reduce((y, block, i) => {
          const z = efficientNetBlock(b, `${i}`, y, block, size);
          size = halved(size, block.stride);
          return z;
        }, start),
      );
      return activation(b, "top_activation", norm(b, "top_bn", point(b, "top_conv", x, last)), act);
    });
  };
  return network(b, features, "AvgPool2d", o);
}
