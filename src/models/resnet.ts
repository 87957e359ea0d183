/** @file ResNet, ResNeXt and Wide ResNet (He et al. 2016, Xie et al. 2017, Zagoruyko 2016), as torchvision has them (v1.5). */

import type { Builder } from "../graph/builder.js";
import type { Node } from "../graph/types.js";
import { IMAGENET, type ArchDef, type BuildOptions, type ModelGraph } from "./arch.js";
import { classifier } from "./head.js";
import type { KeyRule } from "../checkpoint/rename-key.js";
import { requireSetting } from "./file-layer.js";
import {
  batchNorm,
  conv2d,
  headPool,
  identity,
  maxPool2d,
  relu,
  selectAdaptivePool,
  sequential,
} from "./layers.js";
import { RESNET_SPELLINGS } from "./resnet-spellings.js";

interface ResNetShape {
  readonly block: "BasicBlock" | "Bottleneck";
  /** Blocks of each stage. */
  readonly blocks: readonly number[];
  readonly groups?: number;
  /** Channels of a group in the first stage. */
  readonly width?: number;
}

interface BlockOptions {
  /** Channels of the stage, before a bottleneck's expansion. */
  readonly planes: number;
  readonly stride: number;
  readonly groups: number;
  readonly width: number;
  readonly timm: boolean;
}

/** How much wider a block's output is than its stage's channels. */
const EXPANSION = { BasicBlock: 1, Bottleneck: 4 };

/** torchvision calls one ReLU module again and again; timm has one for each place, and room for others around the second. */
const act = (b: Builder, o: BlockOptions, place: number, x: Node): Node =>
  relu(b, o.timm ? `act${place}` : "relu", x);

/** ReLU `place` with timm's two identities, which are something in other members of its family. */
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
  const width = Math.floor((o.planes * o.width) / 64) * o.groups;
  let y = conv2d(b, "conv1", x, { out: width, kernel: 1, bias: false });
  y = act(b, o, 1, batchNorm(b, "bn1", y));
  const { stride, groups } = o;
  y = conv2d(b, "conv2", y, { out: width, kernel: 3, stride, padding: 1, groups, bias: false });
  y = guardedAct(b, o, 2, batchNorm(b, "bn2", y));
  const out = o.planes * EXPANSION.Bottleneck;
  return batchNorm(b, "bn3", conv2d(b, "conv3", y, { out, kernel: 1, bias: false }));
}

function residualBlock(b: Builder, name: string, kind: ResNetShape["block"], x: Node, o: BlockOptions): Node {
  return b.scope(name, kind, () => {
    const body = kind === "BasicBlock" ? basicBody(b, x, o) : bottleneckBody(b, x, o);
    const out = o.planes * EXPANSION[kind];
    // A bias in the shortcut is MONAI's ResNet, whose first stride is 1 unless set: a state dict does not hold it.
    const shortcut =
      o.stride !== 1 || x.shape[3] !== out
        ? sequential(b, "downsample", x, [
            ["0", (_, n, y) => conv2d(b, n, y, { out, kernel: 1, stride: o.stride, bias: "never" })],
            ["1", batchNorm],
          ])
        : x;
    return act(b, o, kind === "BasicBlock" ? 2 : 3, b.add(body, shortcut));
  });
}

function buildResNet(b: Builder, shape: ResNetShape, o: BuildOptions): ModelGraph {
  const timm = o.spelling === "timm";
  const picture = b.input("picture", [b.batch, ...o.size, o.channels]);
  // MONAI's
  requireSetting(b, ["no_max_pool"], false);
  let x = conv2d(b, "conv1", picture, { out: 64, kernel: 7, stride: 2, padding: 3, bias: false });
  x = relu(b, timm ? "act1" : "relu", batchNorm(b, "bn1", x));
  x = maxPool2d(b, "maxpool", x, { kernel: 3, stride: 2, padding: 1 });
  shape.blocks.forEach((count, stage) => {
    const options = { planes: 64 << stage, groups: shape.groups ?? 1, width: shape.width ?? 64, timm };
    x = b.scope(`layer${stage + 1}`, "Sequential", () => {
      for (let i = 0; i < count; i++) {
        x = residualBlock(b, `${i}`, shape.block, x, { ...options, stride: stage > 0 && i === 0 ? 2 : 1 });
      }
      return x;
    });
  });
  const pooled = timm ? selectAdaptivePool(b, "global_pool", x) : headPool(b, "avgpool", x);
  return { picture, logits: classifier(b, "fc", pooled, o.classes) };
}

const KEY_RULES: readonly KeyRule[] = [
  { name: "head in a Sequential", pattern: /^fc\.\d+\.(weight|bias)$/, replacement: "fc.$1" },
];

const resnet = (shape: ResNetShape): ArchDef => ({
  family: "resnet",
  build: (b, o) => buildResNet(b, shape, o),
  preprocessing: IMAGENET,
  minSize: 32,
  defaultLayer: "layer4[-1]",
  keyRules: KEY_RULES,
  spellings: RESNET_SPELLINGS,
  classesFrom: "fc.weight",
  channelsFrom: "conv1.weight",
  stem: [64, 7],
});

const DEEP = { 50: [3, 4, 6, 3], 101: [3, 4, 23, 3], 152: [3, 8, 36, 3] };

export const RESNETS = {
  resnet18: resnet({ block: "BasicBlock", blocks: [2, 2, 2, 2] }),
  resnet34: resnet({ block: "BasicBlock", blocks: [3, 4, 6, 3] }),
  resnet50: resnet({ block: "Bottleneck", blocks: DEEP[50] }),
  resnet101: resnet({ block: "Bottleneck", blocks: DEEP[101] }),
  resnet152: resnet({ block: "Bottleneck", blocks: DEEP[152] }),
  resnext50_32x4d: resnet({ block: "Bottleneck", blocks: DEEP[50], groups: 32, width: 4 }),
  resnext101_32x8d: resnet({ block: "Bottleneck", blocks: DEEP[101], groups: 32, width: 8 }),
  wide_resnet50_2: resnet({ block: "Bottleneck", blocks: DEEP[50], width: 128 }),
  wide_resnet101_2: resnet({ block: "Bottleneck", blocks: DEEP[101], width: 128 }),
};
