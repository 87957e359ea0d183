/** @file VGG (Simonyan and Zisserman 2015), plain and with batch norm. */

import { classifier, head } from "./head.js";
import type { KeyRule } from "../checkpoint/rename-key.js";
import type { Builder } from "../graph/builder.js";
import type { Node } from "../graph/types.js";
import { IMAGENET, type ArchDef, type BuildOptions, type ModelGraph } from "./arch.js";
import type { Family } from "./family.js";
import { numberedNames } from "./spelling.js";
import {
  adaptiveAveragePool,
  adaptiveAvgPool2d,
  batchNorm,
  conv2d,
  flatten,
  identity,
  linear,
  maxPool2d,
  relu,
  selectAdaptivePool,
} from "./layers.js";
import { phrase } from "../language/say.js";

const VGG: Family = { name: "vgg", title: "VGG" };

/** Convolutions of each of the five stages, and their channels. */
type Depths = readonly [number, number, number, number, number];
const CHANNELS = [64, 128, 256, 512, 512];

const HIDDEN = 4096;
/** Height and width of the map that the head reads. */
const GRID = 7;

/** torchvision's head: Linears on the map averaged to 7x7, flattened channel by channel. */
function torchvisionHead(b: Builder, x: Node, classes: number): Node {
  const pooled = adaptiveAvgPool2d(b, "avgpool", x, GRID);
  const own = (x: Node): Node =>
    b.scope("classifier", "Sequential", () => {
      let y = x;
      for (const at of [0, 3]) {
        y = relu(b, `${at + 1}`, linear(b, `${at}`, y, HIDDEN));
        y = identity(b, `${at + 2}`, y, "Dropout");
      }
      return classifier(b, "6", y, classes);
    });
  return head(b, "classifier", flatten(b, pooled), own);
}

/** timm's head: the same weights as convolutions. A larger map gives several outputs, which are averaged. */
function timmHead(b: Builder, x: Node, classes: number): Node {
  const features = b.scope("pre_logits", "ConvMlp", () => {
    const atLeast = adaptiveAveragePool(b, x, [Math.max(GRID, x.shape[1]!), Math.max(GRID, x.shape[2]!)]);
    let y = relu(b, "act1", conv2d(b, "fc1", atLeast, { out: HIDDEN, kernel: GRID }));
    y = conv2d(b, "fc2", identity(b, "drop", y, "Dropout"), { out: HIDDEN, kernel: 1 });
    return relu(b, "act2", y);
  });
  return b.scope("head", "ClassifierHead", () => {
    const pooled = identity(b, "drop", selectAdaptivePool(b, "global_pool", features), "Dropout");
    return identity(b, "flatten", classifier(b, "fc", pooled, classes));
  });
}

function buildVgg(b: Builder, depths: Depths, norm: boolean, o: BuildOptions): ModelGraph {
  const picture = b.input("picture", [b.batch, ...o.size, o.channels]);
  const features = b.scope("features", "Sequential", () => {
    let at = 0;
    const next = (): string => `${at++}`;
    return depths.reduce((x: Node, depth, stage) => {
      for (let i = 0; i < depth; i++) {
        x = conv2d(b, next(), x, { out: CHANNELS[stage]!, kernel: 3, padding: 1 });
        if (norm) x = batchNorm(b, next(), x);
        x = relu(b, next(), x);
      }
      return maxPool2d(b, next(), x, { kernel: 2, stride: 2 });
    }, picture);
  });
  const ownHead = o.spelling === "timm" ? timmHead : torchvisionHead;
  return { picture, logits: ownHead(b, features, o.classes) };
}

const KEY_RULES: readonly KeyRule[] = [1, 4].map((at) => ({
  name: phrase`VGG before torchvision 0.1.8, whose head begins with a Dropout`,
  pattern: new RegExp(`^classifier\\.${at}\\.(weight|bias)$`),
  replacement: `classifier.${at - 1}.$1`,
}));

/** `Sequential(*vgg.children())`, maybe with a Flatten before the head. */
const CHILDREN = numberedNames("features", "avgpool", "classifier", "classifier");

const vgg = (depths: Depths, norm: boolean): ArchDef => ({
  family: VGG,
  build: (b, o) => buildVgg(b, depths, norm, o),
  preprocessing: IMAGENET,
  minSize: 32,
  defaultLayer: "features[-1]",
  keyRules: KEY_RULES,
  spellings: [
    { name: "torchvision" },
    { name: "timm", classesFrom: "head.fc.weight" },
    { name: "sequential", table: { names: CHILDREN } },
  ],
  classesFrom: "classifier.6.weight",
  channelsFrom: "features.0.weight",
  stem: [CHANNELS[0]!, 3],
});

export const VGGS = {
  vgg11: vgg([1, 1, 2, 2, 2], false),
  vgg11_bn: vgg([1, 1, 2, 2, 2], true),
  vgg13: vgg([2, 2, 2, 2, 2], false),
  vgg13_bn: vgg([2, 2, 2, 2, 2], true),
  vgg16: vgg([2, 2, 3, 3, 3], false),
  vgg16_bn: vgg([2, 2, 3, 3, 3], true),
  vgg19: vgg([2, 2, 4, 4, 4], false),
  vgg19_bn: vgg([2, 2, 4, 4, 4], true),
};
