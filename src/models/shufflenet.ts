/** @file ShuffleNetV2 (Ma et al. 2018), as torchvision has it. */

import type { Builder } from "../graph/builder.js";
import type { Node } from "../graph/types.js";
import { IMAGENET, type ArchDef, type BuildOptions, type ModelGraph } from "./arch.js";
import type { Family } from "./family.js";
import { conv2dNormActivation, type ConvNorm } from "./conv-norm.js";
import { classifier, inSequential } from "./head.js";
import { batchNorm, conv2d, flatten, maxPool2d, relu } from "./layers.js";

const SHUFFLENET: Family = { name: "shufflenet", title: "ShuffleNetV2" };

interface ShuffleNetShape {
  /** Output channels of the three stages. */
  readonly stages: readonly [number, number, number];
  /** Output channels of the last convolution. */
  readonly last: number;
}

const STEM = 24;
/** Units of each stage. */
const UNITS = [4, 8, 4] as const;
/** Groups of channels among which a unit's output is shuffled. */
const GROUPS = 2;

/** Channel i of group g becomes channel i * groups + g. */
function shuffleChannels(b: Builder, x: Node): Node {
  const [, height, width, channels] = x.shape as [number, number, number, number];
  const grouped = b.reshape(x, [b.batch, height, width, GROUPS, channels / GROUPS]);
  return b.reshape(b.transpose(grouped, [0, 1, 2, 4, 3]), [b.batch, height, width, channels]);
}

type Part = "pointwise" | "depthwise" | "act";

/** A Sequential of convolutions, each with its batch norm, and ReLUs. */
function branch(
  b: Builder,
  name: string,
  x: Node,
  out: number,
  stride: number,
  parts: readonly Part[],
): Node {
  return b.scope(name, "Sequential", () => {
    let at = 0;
    let y = x;
    for (const part of parts) {
      if (part === "act") y = relu(b, `${at++}`, y);
      else {
        const o =
          part === "pointwise"
            ? { out, kernel: 1 }
            : { out: y.shape[3]!, kernel: 3, stride, padding: 1, groups: y.shape[3]! };
        y = conv2d(b, `${at++}`, y, { ...o, bias: false });
        y = batchNorm(b, `${at++}`, y);
      }
    }
    return y;
  });
}

/** One half of the channels stays unchanged. In a unit with a stride both halves are computed from all channels. */
function unit(b: Builder, name: string, x: Node, out: number, stride: number): Node {
  return b.scope(name, "InvertedResidual", () => {
    const half = out / 2;
    const strides = stride > 1;
    const first = strides
      ? branch(b, "branch1", x, half, stride, ["depthwise", "pointwise", "act"])
      : b.container("branch1", "Sequential", () => b.slice(x, 3, 0, half));
    const second = branch(b, "branch2", strides ? x : b.slice(x, 3, half), half, stride, [
      "pointwise",
      "act",
      "depthwise",
      "pointwise",
      "act",
    ]);
    return shuffleChannels(b, b.concat([first, second], -1));
  });
}

const convolved = (b: Builder, name: string, x: Node, o: ConvNorm): Node =>
  conv2dNormActivation(b, name, x, { ...o, act: "ReLU" }, { kind: "Sequential" });

function buildShuffleNet(b: Builder, { stages, last }: ShuffleNetShape, o: BuildOptions): ModelGraph {
  const picture = b.input("picture", [b.batch, ...o.size, o.channels]);
  let x = convolved(b, "conv1", picture, { out: STEM, kernel: 3, stride: 2 });
  x = maxPool2d(b, "maxpool", x, { kernel: 3, stride: 2, padding: 1 });
  stages.forEach((out, s) => {
    x = b.scope(`stage${s + 2}`, "Sequential", () => {
      for (let i = 0; i < UNITS[s]!; i++) x = unit(b, `${i}`, x, out, i === 0 ? 2 : 1);
      return x;
    });
  });
  x = convolved(b, "conv5", x, { out: last, kernel: 1 });
  return { picture, logits: classifier(b, "fc", flatten(b, b.mean(x, [1, 2])), o.classes) };
}

const shufflenet = (stages: ShuffleNetShape["stages"], last = 1024): ArchDef => ({
  family: SHUFFLENET,
  build: (b, o) => buildShuffleNet(b, { stages, last }, o),
  preprocessing: IMAGENET,
  minSize: 32,
  defaultLayer: "conv5",
  keyRules: [inSequential("fc")],
  spellings: [{ name: "torchvision" }],
  classesFrom: "fc.weight",
  channelsFrom: "conv1.0.weight",
  stem: [STEM, 3],
});

export const SHUFFLENETS = {
  shufflenet_v2_x0_5: shufflenet([48, 96, 192]),
  shufflenet_v2_x1_0: shufflenet([116, 232, 464]),
  shufflenet_v2_x1_5: shufflenet([176, 352, 704]),
  shufflenet_v2_x2_0: shufflenet([244, 488, 976], 2048),
};
