/** @file Inception v3 (Szegedy et al. 2016), as torchvision, timm and pretrainedmodels have it. */

import { badArgument } from "../errors.js";
import type { Builder } from "../graph/builder.js";
import type { Node, Pair } from "../graph/types.js";
import { HALF, IMAGENET, TENSORFLOW_EPS, type ArchDef, type BuildOptions, type ModelGraph } from "./arch.js";
import { classifier, inSequential } from "./head.js";
import { auxiliaryKeys, basicConv2d, transformed } from "./inception-parts.js";
import {
  averagePool,
  flatten,
  headPool,
  identity,
  maxPool,
  maxPool2d,
  selectAdaptivePool,
} from "./layers.js";
import { phrase, say } from "../language/say.js";

const SIZE: Pair = [299, 299];

/** A convolution that keeps the map's size, or halves it without padding. */
type Conv = readonly [name: string, out: number, kernel: number | Pair, stride?: 2 | undefined];

interface Branch {
  /** Before the convolutions. */
  readonly pool?: "average" | "maximum";
  readonly convs: readonly Conv[];
  /** Two convolutions of the previous output, whose results are concatenated. */
  readonly fork?: readonly [Conv, Conv];
}

interface Block {
  readonly kind: string;
  readonly branches: readonly Branch[];
}

const WIDE: Pair = [1, 7];
const TALL: Pair = [7, 1];

/** Convolutions `prefix_1`, `prefix_2`, ... */
const numbered = (
  prefix: string,
  ...convs: readonly (readonly [out: number, kernel: number | Pair, stride?: 2])[]
): Conv[] => convs.map(([out, kernel, stride], i) => [`${prefix}_${i + 1}`, out, kernel, stride]);

const pooled = (out: number): Branch => ({ pool: "average", convs: [["branch_pool", out, 1]] });

const blockA = (pool: number): Block => ({
  kind: "InceptionA",
  branches: [
    { convs: [["branch1x1", 64, 1]] },
    { convs: numbered("branch5x5", [48, 1], [64, 5]) },
    { convs: numbered("branch3x3dbl", [64, 1], [96, 3], [96, 3]) },
    pooled(pool),
  ],
});

const BLOCK_B: Block = {
  kind: "InceptionB",
  branches: [
    { convs: [["branch3x3", 384, 3, 2]] },
    { convs: numbered("branch3x3dbl", [64, 1], [96, 3], [96, 3, 2]) },
    { pool: "maximum", convs: [] },
  ],
};

/** @param c channels between the convolutions of 7 pixels */
const blockC = (c: number): Block => ({
  kind: "InceptionC",
  branches: [
    { convs: [["branch1x1", 192, 1]] },
    { convs: numbered("branch7x7", [c, 1], [c, WIDE], [192, TALL]) },
    { convs: numbered("branch7x7dbl", [c, 1], [c, TALL], [c, WIDE], [c, TALL], [192, WIDE]) },
    pooled(192),
  ],
});

const BLOCK_D: Block = {
  kind: "InceptionD",
  branches: [
    { convs: numbered("branch3x3", [192, 1], [320, 3, 2]) },
    { convs: numbered("branch7x7x3", [192, 1], [192, WIDE], [192, TALL], [192, 3, 2]) },
    { pool: "maximum", convs: [] },
  ],
};

const fork = (prefix: string): readonly [Conv, Conv] => [
  [`${prefix}a`, 384, [1, 3]],
  [`${prefix}b`, 384, [3, 1]],
];

const BLOCK_E: Block = {
  kind: "InceptionE",
  branches: [
    { convs: [["branch1x1", 320, 1]] },
    { convs: [["branch3x3_1", 384, 1]], fork: fork("branch3x3_2") },
    { convs: numbered("branch3x3dbl", [448, 1], [384, 3]), fork: fork("branch3x3dbl_3") },
    pooled(192),
  ],
};

const BLOCKS: readonly (readonly [name: string, block: Block])[] = [
  ["Mixed_5b", blockA(32)],
  ["Mixed_5c", blockA(64)],
  ["Mixed_5d", blockA(64)],
  ["Mixed_6a", BLOCK_B],
  ["Mixed_6b", blockC(128)],
  ["Mixed_6c", blockC(160)],
  ["Mixed_6d", blockC(160)],
  ["Mixed_6e", blockC(192)],
  ["Mixed_7a", BLOCK_D],
  ["Mixed_7b", BLOCK_E],
  ["Mixed_7c", BLOCK_E],
];

/** Zeros on both sides with which a convolution keeps the size. */
const keeping = (kernel: number | Pair): Pair => {
  const [height, width] = typeof kernel === "number" ? [kernel, kernel] : kernel;
  return [(height - 1) / 2, (width - 1) / 2];
};

function conv(b: Builder, x: Node, [name, out, kernel, stride]: Conv, timm: boolean): Node {
  const o = stride ? { out, kernel, stride } : { out, kernel, padding: keeping(kernel) };
  return basicConv2d(b, name, x, o, timm);
}

const POOLS = {
  average: (b: Builder, x: Node): Node => averagePool(b, x, { kernel: 3, stride: 1, padding: 1 }),
  maximum: (b: Builder, x: Node): Node => maxPool(b, x, { kernel: 3, stride: 2 }),
};

function mixed(b: Builder, name: string, x: Node, { kind, branches }: Block, timm: boolean): Node {
  return b.scope(name, kind, () => {
    const parts = branches.map(({ pool, convs, fork: ends }) => {
      const start = pool ? POOLS[pool](b, x) : x;
      const y = convs.reduce((z, one) => conv(b, z, one, timm), start);
      return ends
        ? b.concat(
            ends.map((end) => conv(b, y, end, timm)),
            -1,
          )
        : y;
    });
    return b.concat(parts, -1);
  });
}

type Implementation = "torchvision" | "timm" | "pretrainedmodels";

const HALVING = { kernel: 3, stride: 2 };

/** A module that pretrainedmodels keeps of torchvision's network and never calls. */
const uncalled = (b: Builder, name: string, kind: string): void => b.container(name, kind, () => undefined);

function stemPool(b: Builder, place: 1 | 2, x: Node, of: Implementation): Node {
  if (of === "timm") return maxPool2d(b, `Pool${place}`, x, HALVING);
  if (of === "torchvision") return maxPool2d(b, `maxpool${place}`, x, HALVING);
  uncalled(b, `maxpool${place}`, "MaxPool2d");
  return maxPool(b, x, HALVING);
}

function features(b: Builder, picture: Node, of: Implementation): Node {
  const timm = of === "timm";
  let x = basicConv2d(b, "Conv2d_1a_3x3", picture, { out: 32, kernel: 3, stride: 2 }, timm);
  x = basicConv2d(b, "Conv2d_2a_3x3", x, { out: 32, kernel: 3 }, timm);
  x = basicConv2d(b, "Conv2d_2b_3x3", x, { out: 64, kernel: 3, padding: 1 }, timm);
  x = stemPool(b, 1, x, of);
  x = basicConv2d(b, "Conv2d_3b_1x1", x, { out: 80, kernel: 1 }, timm);
  x = basicConv2d(b, "Conv2d_4a_3x3", x, { out: 192, kernel: 3 }, timm);
  x = stemPool(b, 2, x, of);
  return BLOCKS.reduce((y, [name, block]) => mixed(b, name, y, block, timm), x);
}

/** From the map to [B, 2048]. */
function pooledFeatures(b: Builder, x: Node, of: Implementation): Node {
  if (of === "timm") return identity(b, "head_drop", selectAdaptivePool(b, "global_pool", x), "Dropout");
  if (of === "torchvision") return identity(b, "dropout", headPool(b, "avgpool", x), "Dropout");
  uncalled(b, "avgpool", "AdaptiveAvgPool2d");
  uncalled(b, "dropout", "Dropout");
  return flatten(b, cornerPool(b, x));
}

/** The side of the window that pretrainedmodels averages. It is the whole map at 299x299 pixels. */
const WINDOW = 8;

/**
 * torch.nn.functional.avg_pool2d(x, kernel_size=8). Of a larger map it reads the first 8x8 positions alone.
 * @throws GradlensError "bad-argument" for a size whose map has no window, or several
 */
function cornerPool(b: Builder, x: Node): Node {
  const [, height, width] = x.shape as [number, number, number, number];
  if ([height, width].some((side) => Math.floor(side / WINDOW) !== 1)) {
    throw badArgument(
      say`pretrainedmodels' Inception v3 averages ${WINDOW}x${WINDOW} positions, and its last map has ${height}x${width} at this size; choose sides of 299 to 554 pixels`,
    );
  }
  return averagePool(b, x, { kernel: WINDOW, stride: WINDOW });
}

function buildInception(b: Builder, o: BuildOptions): ModelGraph {
  const of = o.spelling as Implementation;
  const picture = b.input("picture", [b.batch, ...o.size, o.channels]);
  const x = features(b, of === "torchvision" ? transformed(b, picture, o) : picture, of);
  const head = of === "pretrainedmodels" ? "last_linear" : "fc";
  return { picture, logits: classifier(b, head, pooledFeatures(b, x, of), o.classes) };
}

const NORMALISED_BY_HALF = { mean: HALF.mean, std: HALF.std };

const inception: ArchDef = {
  family: { name: "inception", title: "Inception v3" },
  build: buildInception,
  preprocessing: { ...IMAGENET, size: SIZE },
  minSize: 75,
  defaultLayer: "Mixed_7c",
  spellings: [
    { name: "torchvision", keyRules: [inSequential("fc")], mayTransformInput: true },
    {
      name: "timm",
      keyRules: [inSequential("fc")],
      statistics: NORMALISED_BY_HALF,
      differs: phrase`its norms contain their ReLUs`,
    },
    {
      // Cadene's package, which calls torchvision's modules without transform_input
      name: "pretrainedmodels",
      keyRules: [inSequential("last_linear")],
      classesFrom: "last_linear.weight",
      statistics: NORMALISED_BY_HALF,
    },
  ],
  classesFrom: "fc.weight",
  channelsFrom: "Conv2d_1a_3x3.conv.weight",
  auxiliary: auxiliaryKeys("AuxLogits", ["conv0", "conv1"], ["fc"]),
  batchNormEps: TENSORFLOW_EPS,
  stem: [32, 3],
};

export const INCEPTIONS = { inception_v3: inception };
