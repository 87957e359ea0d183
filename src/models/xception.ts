/** @file Xception (Chollet 2017), as timm and pretrainedmodels have it. */

import type { Builder } from "../graph/builder.js";
import type { Node } from "../graph/types.js";
import { HALF, type ArchDef, type BuildOptions, type ModelGraph } from "./arch.js";
import { classifier, inSequential } from "./head.js";
import { batchNorm, conv2d, flatten, maxPool2d, relu, selectAdaptivePool } from "./layers.js";

interface Block {
  /** Output channels of each separable convolution. */
  readonly channels: readonly number[];
  readonly stride: 1 | 2;
}

const MIDDLE: Block = { channels: [728, 728, 728], stride: 1 };

const BLOCKS: readonly Block[] = [
  { channels: [128, 128], stride: 2 },
  { channels: [256, 256], stride: 2 },
  { channels: [728, 728], stride: 2 },
  ...new Array<Block>(8).fill(MIDDLE),
  { channels: [728, 1024], stride: 2 },
];

function separable(b: Builder, name: string, x: Node, out: number): Node {
  const channels = x.shape[3]!;
  return b.scope(name, "SeparableConv2d", () => {
    const depthwise = { out: channels, kernel: 3, padding: 1, groups: channels, bias: false };
    return conv2d(b, "pointwise", conv2d(b, "conv1", x, depthwise), { out, kernel: 1, bias: false });
  });
}

/**
 * A ReLU of a block's Sequential. In timm each is a module of its own; in pretrainedmodels all but the one before the first
 * convolution are one module, the block's `relu`.
 */
function blockRelu(b: Builder, name: string, x: Node, shared: string | undefined): Node {
  if (shared === undefined) return relu(b, name, x);
  return b.scope(name, "ReLU", () => b.within(shared, () => relu(b, "relu", x)));
}

function block(b: Builder, number: number, x: Node, { channels, stride }: Block, timm: boolean): Node {
  const name = `block${number}`;
  return b.scope(name, "Block", () => {
    const body = b.scope("rep", "Sequential", () => {
      let at = 0;
      const next = (): string => `${at++}`;
      const y = channels.reduce((z, out, i) => {
        // The first block follows a ReLU.
        const shared = timm || i === 0 ? undefined : name;
        const active = number === 1 && i === 0 ? z : blockRelu(b, next(), z, shared);
        const filtered = separable(b, next(), active, out);
        return batchNorm(b, next(), filtered);
      }, x);
      return stride > 1 ? maxPool2d(b, next(), y, { kernel: 3, stride, padding: 1 }) : y;
    });
    if (stride === 1) return b.add(body, x);
    const skip = conv2d(b, "skip", x, { out: body.shape[3]!, kernel: 1, stride, bias: false });
    return b.add(body, batchNorm(b, "skipbn", skip));
  });
}

function buildXception(b: Builder, o: BuildOptions): ModelGraph {
  const timm = o.spelling === "timm";
  const picture = b.input("picture", [b.batch, ...o.size, o.channels]);
  const act = (place: number, y: Node): Node => relu(b, timm ? `act${place}` : "relu", y);
  let x = conv2d(b, "conv1", picture, { out: 32, kernel: 3, stride: 2, bias: false });
  x = act(1, batchNorm(b, "bn1", x));
  x = act(2, batchNorm(b, "bn2", conv2d(b, "conv2", x, { out: 64, kernel: 3, bias: false })));
  BLOCKS.forEach((one, i) => {
    x = block(b, i + 1, x, one, timm);
  });
  x = act(3, batchNorm(b, "bn3", separable(b, "conv3", x, 1536)));
  x = act(4, batchNorm(b, "bn4", separable(b, "conv4", x, 2048)));
  const pooled = timm ? selectAdaptivePool(b, "global_pool", x) : flatten(b, b.mean(x, [1, 2]));
  return { picture, logits: classifier(b, timm ? "fc" : "last_linear", pooled, o.classes) };
}

const xception: ArchDef = {
  family: { name: "xception", title: "Xception" },
  build: buildXception,
  preprocessing: { ...HALF, size: [299, 299] },
  minSize: 32,
  defaultLayer: "act4",
  spellings: [
    { name: "timm", keyRules: [inSequential("fc")] },
    {
      name: "pretrainedmodels",
      keyRules: [inSequential("last_linear")],
      classesFrom: "last_linear.weight",
      // The output of its `features`. The ReLU after it belongs to `logits`.
      defaultLayer: "bn4",
    },
  ],
  classesFrom: "fc.weight",
  channelsFrom: "conv1.weight",
  stem: [32, 3],
};

export const XCEPTIONS = { xception };
