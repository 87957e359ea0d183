/** @file MnasNet-B1 (Tan et al. 2019), as torchvision has it, its version-1 checkpoints included. */

import type { Builder } from "../graph/builder.js";
import type { Node } from "../graph/types.js";
import { IMAGENET, type ArchDef, type BuildOptions, type ModelGraph } from "./arch.js";
import { classifier, head } from "./head.js";
import type { KeyRule } from "../checkpoint/rename-key.js";
import { roundChannels } from "./mobile-shape.js";
import { adaptiveAveragePool, batchNorm, conv2d, flatten, identity, relu } from "./layers.js";
import { phrase } from "../language/say.js";

/** Channels at width 1: the stem, the separable convolution, the six stacks. */
const CHANNELS = [32, 16, 24, 40, 80, 96, 192, 320];

interface Stack {
  readonly kernel: number;
  readonly stride: number;
  readonly expansion: number;
  readonly repeats: number;
}

const STACKS: readonly Stack[] = [
  { kernel: 3, stride: 2, expansion: 3, repeats: 3 },
  { kernel: 5, stride: 2, expansion: 3, repeats: 3 },
  { kernel: 5, stride: 2, expansion: 6, repeats: 3 },
  { kernel: 3, stride: 1, expansion: 6, repeats: 2 },
  { kernel: 5, stride: 2, expansion: 6, repeats: 4 },
  { kernel: 3, stride: 1, expansion: 6, repeats: 1 },
];

const LAST_CHANNELS = 1280;

/** In version 1 the first two convolutions do not scale with the width. The checkpoint's stem shows the version. */
function channelsOf(width: number, o: BuildOptions): number[] {
  const scaled = CHANNELS.map((c) => roundChannels(c * width));
  const isVersion1 = o.shapes?.get("layers.0.weight")?.[0] === CHANNELS[0];
  return isVersion1 ? [...CHANNELS.slice(0, 2), ...scaled.slice(2)] : scaled;
}

interface Conv {
  readonly out: number;
  readonly kernel: number;
  readonly stride?: number;
  readonly groups?: number;
}

/** Convolution, batch norm and maybe ReLU as children `at`, `at + 1`, `at + 2`. */
function convNorm(b: Builder, at: number, x: Node, o: Conv & { relu: boolean }): Node {
  const y = conv2d(b, `${at}`, x, { ...o, padding: Math.floor(o.kernel / 2), bias: false });
  const z = batchNorm(b, `${at + 1}`, y);
  return o.relu ? relu(b, `${at + 2}`, z) : z;
}

function invertedResidual(b: Builder, name: string, x: Node, out: number, stride: number, s: Stack): Node {
  return b.scope(name, "_InvertedResidual", () => {
    const middle = x.shape[3]! * s.expansion;
    const y = b.scope("layers", "Sequential", () => {
      const expanded = convNorm(b, 0, x, { out: middle, kernel: 1, relu: true });
      const { kernel } = s;
      const filtered = convNorm(b, 3, expanded, { out: middle, kernel, stride, groups: middle, relu: true });
      return convNorm(b, 6, filtered, { out, kernel: 1, relu: false });
    });
    return stride === 1 && x.shape[3] === out ? b.add(y, x) : y;
  });
}

function buildMnasNet(b: Builder, width: number, o: BuildOptions): ModelGraph {
  const [stem, separable, ...stacks] = channelsOf(width, o) as [number, number, ...number[]];
  const picture = b.input("picture", [b.batch, ...o.size, o.channels]);
  const features = b.scope("layers", "Sequential", () => {
    let x = convNorm(b, 0, picture, { out: stem, kernel: 3, stride: 2, relu: true });
    x = convNorm(b, 3, x, { out: stem, kernel: 3, groups: stem, relu: true });
    x = convNorm(b, 6, x, { out: separable, kernel: 1, relu: false });
    STACKS.forEach((stack, i) => {
      x = b.scope(`${8 + i}`, "Sequential", () => {
        for (let k = 0; k < stack.repeats; k++) {
          x = invertedResidual(b, `${k}`, x, stacks[i]!, k === 0 ? stack.stride : 1, stack);
        }
        return x;
      });
    });
    return convNorm(b, 8 + STACKS.length, x, { out: LAST_CHANNELS, kernel: 1, relu: true });
  });
  const pooled = flatten(b, adaptiveAveragePool(b, features, [1, 1]));
  const logits = head(b, "classifier", pooled, (x) =>
    b.scope("classifier", "Sequential", () => classifier(b, "1", identity(b, "0", x, "Dropout"), o.classes)),
  );
  return { picture, logits };
}

const KEY_RULES: readonly KeyRule[] = [
  // A head of one Linear, or one at another place of its Sequential.
  {
    name: phrase`another head`,
    pattern: /^classifier\.(?:\d+\.)?(weight|bias)$/,
    replacement: "classifier.1.$1",
  },
];

const mnasnet = (width: number): ArchDef => ({
  family: "mnasnet",
  build: (b, o) => buildMnasNet(b, width, o),
  preprocessing: IMAGENET,
  minSize: 32,
  defaultLayer: "layers[-1]",
  keyRules: KEY_RULES,
  spellings: [
    { name: "torchvision" },
    // Sequential(*mnasnet.children())
    { name: "sequential", table: { names: [["0", "layers"]] } },
  ],
  classesFrom: "classifier.1.weight",
  channelsFrom: "layers.0.weight",
});

export const MNASNETS = {
  mnasnet0_5: mnasnet(0.5),
  mnasnet0_75: mnasnet(0.75),
  mnasnet1_0: mnasnet(1),
  mnasnet1_3: mnasnet(1.3),
};
