/** @file SqueezeNet 1.0 and 1.1 (Iandola et al. 2016), as torchvision has them. */

import type { Builder } from "../graph/builder.js";
import type { Node } from "../graph/types.js";
import { IMAGENET, type ArchDef, type BuildOptions, type ModelGraph } from "./arch.js";
import type { Family } from "./family.js";
import { adaptiveAvgPool2d, conv2d, flatten, identity, maxPool2d, relu } from "./layers.js";

const SQUEEZENET: Family = { name: "squeezenet", title: "SqueezeNet" };

interface SqueezeNetShape {
  /** Output channels and kernel size of the first convolution. */
  readonly stem: readonly [out: number, kernel: number];
  /** Children of `features` that are pools. The others after the first ReLU are Fire modules. */
  readonly pools: readonly number[];
  readonly minSize: number;
}

/** Channels of each Fire module: after its squeeze, and after each of its two expansions. */
const FIRES = [
  [16, 64],
  [16, 64],
  [32, 128],
  [32, 128],
  [48, 192],
  [48, 192],
  [64, 256],
  [64, 256],
] as const;

function fire(b: Builder, name: string, x: Node, squeezed: number, expanded: number): Node {
  return b.scope(name, "Fire", () => {
    const active = (part: string, y: Node, out: number, kernel: number): Node => {
      const z = conv2d(b, part, y, { out, kernel, padding: (kernel - 1) / 2 });
      return relu(b, `${part}_activation`, z);
    };
    const y = active("squeeze", x, squeezed, 1);
    return b.concat([active("expand1x1", y, expanded, 1), active("expand3x3", y, expanded, 3)], -1);
  });
}

function buildSqueezeNet(b: Builder, { stem, pools }: SqueezeNetShape, o: BuildOptions): ModelGraph {
  const picture = b.input("picture", [b.batch, ...o.size, o.channels]);
  const features = b.scope("features", "Sequential", () => {
    let x = relu(b, "1", conv2d(b, "0", picture, { out: stem[0], kernel: stem[1], stride: 2 }));
    let at = 2;
    for (const [squeezed, expanded] of FIRES) {
      if (pools.includes(at)) x = maxPool2d(b, `${at++}`, x, { kernel: 3, stride: 2, ceil: true });
      x = fire(b, `${at++}`, x, squeezed, expanded);
    }
    return x;
  });
  const scores = b.scope("classifier", "Sequential", () => {
    const y = identity(b, "0", features, "Dropout");
    const each = o.classes === 0 ? identity(b, "1", y) : conv2d(b, "1", y, { out: o.classes, kernel: 1 });
    return adaptiveAvgPool2d(b, "3", relu(b, "2", each), 1);
  });
  return { picture, logits: flatten(b, scores) };
}

const squeezenet = (shape: SqueezeNetShape): ArchDef => ({
  family: SQUEEZENET,
  build: (b, o) => buildSqueezeNet(b, shape, o),
  preprocessing: IMAGENET,
  minSize: shape.minSize,
  defaultLayer: "features[-1]",
  spellings: [{ name: "torchvision" }],
  classesFrom: "classifier.1.weight",
  channelsFrom: "features.0.weight",
  stem: shape.stem,
});

export const SQUEEZENETS = {
  squeezenet1_0: squeezenet({ stem: [96, 7], pools: [2, 6, 11], minSize: 21 }),
  squeezenet1_1: squeezenet({ stem: [64, 3], pools: [2, 5, 8], minSize: 17 }),
};
