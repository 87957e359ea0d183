/** @file DenseNet (Huang et al. 2017), with torchvision's module paths. */

import type { Builder } from "../graph/builder.js";
import type { Node } from "../graph/types.js";
import {
  adaptiveAveragePool,
  avgPool2d,
  batchNorm,
  batchNormAct,
  conv2d,
  flatten,
  identity,
  maxPool2d,
  relu,
  selectAdaptivePool,
} from "./layers.js";
import { IMAGENET, type ArchDef, type BuildOptions, type ModelGraph } from "./arch.js";
import type { Family } from "./family.js";
import { classifier, inSequential } from "./head.js";
import type { KeyRule } from "../checkpoint/rename-key.js";
import { DENSENET_SPELLINGS } from "./densenet-spellings.js";
import { phrase } from "../language/say.js";

const DENSENET: Family = { name: "densenet", title: "DenseNet", blurPools: true };

interface DenseNetShape {
  /** Channels that each layer adds (k in the paper). */
  readonly growth: number;
  /** Layers of each block. */
  readonly blocks: readonly number[];
  /** Channels of the stem. */
  readonly stem: number;
}

/** A bottleneck has this many times `growth` channels. */
const BOTTLENECK = 4;

/**
 * Norm and ReLU. torchvision has a module for each. timm has one for both, so the tap `features.norm5` is another value there.
 */
function normRelu(b: Builder, timm: boolean, norm: string, act: string, x: Node): Node {
  return timm ? batchNormAct(b, norm, x) : relu(b, act, batchNorm(b, norm, x));
}

function denseLayer(b: Builder, name: string, features: Node, growth: number, timm: boolean): Node {
  return b.scope(name, timm ? "DenseLayer" : "_DenseLayer", () => {
    let x = normRelu(b, timm, "norm1", "relu1", features);
    x = conv2d(b, "conv1", x, { out: BOTTLENECK * growth, kernel: 1, bias: false });
    x = normRelu(b, timm, "norm2", "relu2", x);
    return conv2d(b, "conv2", x, { out: growth, kernel: 3, padding: 1, bias: false });
  });
}

function denseBlock(b: Builder, name: string, x: Node, layers: number, growth: number, timm: boolean): Node {
  return b.scope(name, timm ? "DenseBlock" : "_DenseBlock", () => {
    // Concats are nested, not flat for each layer. A layer's input is then a prefix of the next layer's in the same memory, and
    // gradients add up as whole prefixes.
    let features = x;
    for (let i = 1; i <= layers; i++) {
      features = b.concat([features, denseLayer(b, `denselayer${i}`, features, growth, timm)], -1);
    }
    return features;
  });
}

function transition(b: Builder, name: string, x: Node, timm: boolean): Node {
  return b.scope(name, timm ? "DenseTransition" : "_Transition", () => {
    const y = normRelu(b, timm, "norm", "relu", x);
    const z = conv2d(b, "conv", y, { out: Math.floor(x.shape[3]! / 2), kernel: 1, bias: false });
    return avgPool2d(b, "pool", z, { kernel: 2, stride: 2 });
  });
}

function buildDenseNet(b: Builder, shape: DenseNetShape, o: BuildOptions): ModelGraph {
  const timm = o.spelling === "timm";
  const picture = b.input("picture", [b.batch, ...o.size, o.channels]);
  const features = b.scope("features", "Sequential", () => {
    let x = conv2d(b, "conv0", picture, { out: shape.stem, kernel: 7, stride: 2, padding: 3, bias: false });
    x = normRelu(b, timm, "norm0", "relu0", x);
    x = maxPool2d(b, "pool0", x, { kernel: 3, stride: 2, padding: 1 });
    shape.blocks.forEach((layers, i) => {
      x = denseBlock(b, `denseblock${i + 1}`, x, layers, shape.growth, timm);
      if (i + 1 < shape.blocks.length) x = transition(b, `transition${i + 1}`, x, timm);
    });
    return timm ? batchNormAct(b, "norm5", x) : batchNorm(b, "norm5", x);
  });
  const pooled = timm
    ? identity(b, "head_drop", selectAdaptivePool(b, "global_pool", features), "Dropout")
    : flatten(b, adaptiveAveragePool(b, b.relu(features), [1, 1]));
  return { picture, logits: classifier(b, "classifier", pooled, o.classes) };
}

const KEY_RULES: readonly KeyRule[] = [
  {
    // torchvision before 0.3: `denselayer1.norm.1.weight`
    name: phrase`old dotted DenseNet keys`,
    pattern: /(denselayer\d+\.(?:norm|relu|conv))\.([12]\.)/,
    replacement: "$1$2",
  },
  // CheXNet's Sequential(Linear, Sigmoid), a Dropout before the Linear, and the like
  inSequential("classifier"),
];

export const densenet = (growth: number, blocks: readonly number[], stem: number): ArchDef => ({
  family: DENSENET,
  build: (b, o) => buildDenseNet(b, { growth, blocks, stem }, o),
  preprocessing: IMAGENET,
  minSize: 32,
  defaultLayer: "features[-1]",
  keyRules: KEY_RULES,
  spellings: DENSENET_SPELLINGS,
  classesFrom: "classifier.weight",
  channelsFrom: "features.conv0.weight",
  stem: [stem, 7],
});

export const DENSENETS = {
  densenet121: densenet(32, [6, 12, 24, 16], 64),
  densenet161: densenet(48, [6, 12, 36, 24], 96),
  densenet169: densenet(32, [6, 12, 32, 32], 64),
  densenet201: densenet(32, [6, 12, 48, 32], 64),
};
