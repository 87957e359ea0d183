/** @file GoogLeNet (Szegedy et al. 2015) with batch norms, as torchvision has it. */

import type { Builder } from "../graph/builder.js";
import type { Node } from "../graph/types.js";
import { IMAGENET, TENSORFLOW_EPS, type ArchDef, type BuildOptions, type ModelGraph } from "./arch.js";
import { classifier, inSequential } from "./head.js";
import { auxiliaryKeys, basicConv2d, transformed } from "./inception-parts.js";
import { headPool, identity, maxPool2d, sequential } from "./layers.js";

/** Output channels: of branch 1; of each of the two convolutions of branches 2 and 3; of branch 4. */
type Channels = readonly [
  first: number,
  second: readonly [number, number],
  third: readonly [number, number],
  fourth: number,
];

/** By the name after "inception". Its number is the stage's. */
const BLOCKS: Readonly<Record<string, Channels>> = {
  "3a": [64, [96, 128], [16, 32], 32],
  "3b": [128, [128, 192], [32, 96], 64],
  "4a": [192, [96, 208], [16, 48], 64],
  "4b": [160, [112, 224], [24, 64], 64],
  "4c": [128, [128, 256], [24, 64], 64],
  "4d": [112, [144, 288], [32, 64], 64],
  "4e": [256, [160, 320], [32, 128], 128],
  "5a": [256, [160, 320], [32, 128], 128],
  "5b": [384, [192, 384], [48, 128], 128],
};

type Part = (b: Builder, name: string, x: Node) => Node;

const point =
  (out: number): Part =>
  (b, name, x) =>
    basicConv2d(b, name, x, { out, kernel: 1 });
const around =
  (out: number): Part =>
  (b, name, x) =>
    basicConv2d(b, name, x, { out, kernel: 3, padding: 1 });
/** Halves the map; a window may reach beyond its end. */
const halving = (b: Builder, name: string, x: Node, kernel: number): Node =>
  maxPool2d(b, name, x, { kernel, stride: 2, ceil: true });

function inception(b: Builder, name: string, x: Node, [first, second, third, fourth]: Channels): Node {
  return b.scope(name, "Inception", () => {
    const twice = (branch: string, [reduced, out]: readonly [number, number]): Node =>
      sequential(b, branch, x, [
        ["0", point(reduced)],
        // torchvision has 3x3 convolutions in branch 3 too, where the paper has 5x5.
        ["1", around(out)],
      ]);
    const parts = [point(first)(b, "branch1", x), twice("branch2", second), twice("branch3", third)];
    const pooled = sequential(b, "branch4", x, [
      ["0", (_, n, y) => maxPool2d(b, n, y, { kernel: 3, stride: 1, padding: 1, ceil: true })],
      ["1", point(fourth)],
    ]);
    return b.concat([...parts, pooled], -1);
  });
}

function buildGoogLeNet(b: Builder, o: BuildOptions): ModelGraph {
  const picture = b.input("picture", [b.batch, ...o.size, o.channels]);
  const normalised = transformed(b, picture, o);
  let x = basicConv2d(b, "conv1", normalised, { out: 64, kernel: 7, stride: 2, padding: 3 });
  x = halving(b, "maxpool1", x, 3);
  x = around(192)(b, "conv3", point(64)(b, "conv2", x));
  x = halving(b, "maxpool2", x, 3);
  for (const [name, channels] of Object.entries(BLOCKS)) {
    if (name === "4a") x = halving(b, "maxpool3", x, 3);
    if (name === "5a") x = halving(b, "maxpool4", x, 2);
    x = inception(b, `inception${name}`, x, channels);
  }
  const y = identity(b, "dropout", headPool(b, "avgpool", x), "Dropout");
  return { picture, logits: classifier(b, "fc", y, o.classes) };
}

const googlenet: ArchDef = {
  family: { name: "googlenet", title: "GoogLeNet" },
  build: buildGoogLeNet,
  preprocessing: IMAGENET,
  minSize: 15,
  defaultLayer: "inception5b",
  keyRules: [inSequential("fc")],
  spellings: [{ name: "torchvision", mayTransformInput: true }],
  classesFrom: "fc.weight",
  channelsFrom: "conv1.conv.weight",
  auxiliary: ["aux1", "aux2"].flatMap((path) => auxiliaryKeys(path, ["conv"], ["fc1", "fc2"])),
  batchNormEps: TENSORFLOW_EPS,
  stem: [64, 7],
};

export const GOOGLENETS = { googlenet };
