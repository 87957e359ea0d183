/** @file ResNet's graph with the modules of torchvision, timm and ResNeSt's authors, and what its relatives change. */

import type { Builder } from "../graph/builder.js";
import type { Node } from "../graph/types.js";
import type { BuildOptions, ModelGraph } from "./arch.js";
import { requireSetting } from "./file-layer.js";
import { classifier } from "./head.js";
import {
  avgPool2d,
  batchNorm,
  conv2d,
  headPool,
  identity,
  maxPool2d,
  relu,
  selectAdaptivePool,
  sequential,
} from "./layers.js";
import { roundChannels } from "./mobile-shape.js";
import { splitAttention } from "./split-attention.js";
import { seModule } from "./squeeze-excite.js";

/** Split attention in place of the 3x3 convolutions (Zhang et al. 2020). */
interface Split {
  /** The number of branches that the attention weights. */
  readonly radix: number;
  /** Strides are average pools before it, not after it. */
  readonly poolsBefore?: boolean;
}

export interface ResNetShape {
  readonly block: "BasicBlock" | "Bottleneck";
  /** Blocks of each stage. */
  readonly blocks: readonly number[];
  readonly groups?: number;
  /** Channels of a group in the first stage. */
  readonly width?: number;
  /** Channels of three 3x3 convolutions in place of the 7x7 one (He et al. 2019). */
  readonly stem?: readonly [number, number, number];
  /** Shortcuts pool instead of a stride in their convolution (He et al. 2019). */
  readonly averages?: boolean;
  /** Kernel size of the shortcuts with a stride. Default 1. */
  readonly shortcutKernel?: 3;
  /** Bottlenecks begin with half their width. */
  readonly halves?: boolean;
  /** Blocks end with a squeeze-excitation (Hu et al. 2018). */
  readonly squeezes?: boolean;
  readonly split?: Split;
}

interface BlockOptions {
  readonly shape: ResNetShape;
  /** Channels of the stage, before a bottleneck's expansion. */
  readonly planes: number;
  readonly stride: number;
  readonly timm: boolean;
}

/** How much wider a block's output is than its stage's channels. */
const EXPANSION = { BasicBlock: 1, Bottleneck: 4 };

/** torchvision calls one ReLU module several times. timm has one for each place, and optional modules around the second. */
const act = (b: Builder, o: BlockOptions, place: number, x: Node): Node =>
  relu(b, o.timm ? `act${place}` : "relu", x);

/** ReLU `place` with timm's two identities. Other members of the family have layers here. */
function guardedAct(b: Builder, o: BlockOptions, place: number, x: Node): Node {
  if (!o.timm) return act(b, o, place, x);
  return identity(b, "aa", act(b, o, place, identity(b, "drop_block", x)));
}

function basicBody(b: Builder, x: Node, o: BlockOptions): Node {
  const y = conv2d(b, "conv1", x, { out: o.planes, kernel: 3, stride: o.stride, padding: 1, bias: false });
  const z = guardedAct(b, o, 1, batchNorm(b, "bn1", y));
  return batchNorm(b, "bn2", conv2d(b, "conv2", z, { out: o.planes, kernel: 3, padding: 1, bias: false }));
}

function bottleneckBody(b: Builder, x: Node, o: BlockOptions): Node {
  const { groups = 1, width: base = 64, halves = false, split } = o.shape;
  const width = Math.floor((o.planes * base) / 64) * groups;
  let y = conv2d(b, "conv1", x, { out: halves ? width / 2 : width, kernel: 1, bias: false });
  y = act(b, o, 1, batchNorm(b, "bn1", y));
  if (split) y = splitBody(b, y, o, { split, groups });
  else {
    y = conv2d(b, "conv2", y, { out: width, kernel: 3, stride: o.stride, padding: 1, groups, bias: false });
    y = guardedAct(b, o, 2, batchNorm(b, "bn2", y));
  }
  const out = o.planes * EXPANSION.Bottleneck;
  return batchNorm(b, "bn3", conv2d(b, "conv3", y, { out, kernel: 1, bias: false }));
}

/** Split attention without a stride, and a pool that has it. */
function splitBody(
  b: Builder,
  x: Node,
  { stride, timm }: BlockOptions,
  { split, groups }: { split: Split; groups: number },
): Node {
  const { radix, poolsBefore = false } = split;
  requireSetting(b, ["avd_first"], poolsBefore);
  const pool = (name: string, y: Node): Node =>
    stride === 1 ? y : avgPool2d(b, timm ? name : "avd_layer", y, { kernel: 3, stride, padding: 1 });
  const y = poolsBefore ? pool("avd_first", x) : x;
  const attended = splitAttention(b, "conv2", y, { radix, groups, timm });
  // Other radices have layers here.
  const z = timm ? identity(b, "act2", identity(b, "drop_block", identity(b, "bn2", attended))) : attended;
  return poolsBefore ? z : pool("avd_last", z);
}

/** A bias in the shortcut means MONAI's ResNet. Its first stride is 1 unless set; a state dict does not hold it. */
function shortcut(b: Builder, x: Node, out: number, { shape, stride, timm }: BlockOptions): Node {
  if (stride === 1 && x.shape[3] === out) return x;
  const { averages = false, shortcutKernel = 1 } = shape;
  if (averages) {
    const window = { kernel: stride, stride, ceil: true, countIncludePad: false };
    return sequential(b, "downsample", x, [
      // timm's has nothing to pool there.
      ["0", (_, n, y) => (timm && stride === 1 ? identity(b, n, y) : avgPool2d(b, n, y, window))],
      ["1", (_, n, y) => conv2d(b, n, y, { out, kernel: 1, bias: "never" })],
      ["2", batchNorm],
    ]);
  }
  const kernel = stride === 1 ? 1 : shortcutKernel;
  const padding = (kernel - 1) / 2;
  return sequential(b, "downsample", x, [
    ["0", (_, n, y) => conv2d(b, n, y, { out, kernel, stride, padding, bias: "never" })],
    ["1", batchNorm],
  ]);
}

function residualBlock(b: Builder, name: string, x: Node, o: BlockOptions): Node {
  const { block, squeezes = false, split } = o.shape;
  return b.scope(name, split && o.timm ? "ResNestBottleneck" : block, () => {
    const out = o.planes * EXPANSION[block];
    const body = block === "BasicBlock" ? basicBody(b, x, o) : bottleneckBody(b, x, o);
    const y = squeezes ? seModule(b, "se", body, roundChannels(out / 16, 0)) : body;
    return act(b, o, block === "BasicBlock" ? 2 : 3, b.add(y, shortcut(b, x, out, o)));
  });
}

function stem(b: Builder, picture: Node, { stem: channels }: ResNetShape): Node {
  if (!channels)
    return conv2d(b, "conv1", picture, { out: 64, kernel: 7, stride: 2, padding: 3, bias: false });
  return b.scope("conv1", "Sequential", () =>
    channels.reduce((x, out, i) => {
      const y = i === 0 ? x : relu(b, `${3 * i - 1}`, batchNorm(b, `${3 * i - 2}`, x));
      return conv2d(b, `${3 * i}`, y, { out, kernel: 3, stride: i === 0 ? 2 : 1, padding: 1, bias: false });
    }, picture),
  );
}

export function buildResNet(b: Builder, shape: ResNetShape, o: BuildOptions): ModelGraph {
  const timm = o.spelling === "timm" || o.spelling === "huggingface";
  const picture = b.input("picture", [b.batch, ...o.size, o.channels]);
  // MONAI's
  requireSetting(b, ["no_max_pool"], false);
  let x = relu(b, timm ? "act1" : "relu", batchNorm(b, "bn1", stem(b, picture, shape)));
  x = maxPool2d(b, "maxpool", x, { kernel: 3, stride: 2, padding: 1 });
  shape.blocks.forEach((count, stage) => {
    const options = { shape, planes: 64 << stage, timm };
    x = b.scope(`layer${stage + 1}`, "Sequential", () => {
      for (let i = 0; i < count; i++)
        x = residualBlock(b, `${i}`, x, { ...options, stride: stage > 0 && i === 0 ? 2 : 1 });
      return x;
    });
  });
  const pooled = timm
    ? selectAdaptivePool(b, "global_pool", x)
    : headPool(b, "avgpool", x, shape.split ? "GlobalAvgPool2d" : undefined);
  return { picture, logits: classifier(b, "fc", pooled, o.classes) };
}
