/** @file SENet in Caffe's layout (Hu et al. 2018), with the modules of Cadene's pretrainedmodels and of timm's legacy networks. */

import type { Builder } from "../graph/builder.js";
import type { Node } from "../graph/types.js";
import { IMAGENET, type ArchDef, type BuildOptions, type ModelGraph, type Spelling } from "./arch.js";
import type { Family } from "./family.js";
import { convolution, type ConvNorm } from "./conv-norm.js";
import { classifier, inSequential } from "./head.js";
import { batchNorm, headPool, identity, maxPool2d, relu, selectAdaptivePool, sequential } from "./layers.js";
import { BASIC_DEPTHS, DEPTHS } from "./resnet-rows.js";
import { squeezeExcite, squeezeModules } from "./squeeze-excite.js";

export const SE_RESNET: Family = {
  name: "se-resnet",
  title: "SE-ResNet, SE-ResNeXt, SENet",
  blurPools: true,
};

type BlockKind = "SEResNetBlock" | "SEResNetBottleneck" | "SEResNeXtBottleneck" | "SEBottleneck";

interface SENetShape {
  readonly block: BlockKind;
  readonly blocks: readonly number[];
}

/** Of every squeeze-excitation. */
const REDUCTION = 16;
const SQUEEZE = { reduce: "fc1", act: "relu", expand: "fc2", gate: "sigmoid" };
const GATING = { act: "ReLU", gate: "Sigmoid" } as const;

/** The convolutions of a block, which has a norm behind each. @param planes channels of the stage */
function convolutionsOf(kind: BlockKind, planes: number, stride: number): readonly ConvNorm[] {
  const bottleneck = (first: number, groups: number, out: number): readonly ConvNorm[] => [
    { out: first, kernel: 1 },
    { out, kernel: 3, stride, groups },
    { out: 4 * planes, kernel: 1 },
  ];
  switch (kind) {
    case "SEResNetBlock":
      return [
        { out: planes, kernel: 3, stride },
        { out: planes, kernel: 3 },
      ];
    case "SEResNetBottleneck":
      // As in Caffe, the first convolution has the stride.
      return [
        { out: planes, kernel: 1, stride },
        { out: planes, kernel: 3 },
        { out: 4 * planes, kernel: 1 },
      ];
    case "SEResNeXtBottleneck":
      return bottleneck(2 * planes, 32, 2 * planes);
    case "SEBottleneck":
      return bottleneck(2 * planes, 64, 4 * planes);
  }
}

function block(
  b: Builder,
  name: string,
  x: Node,
  o: { kind: BlockKind; planes: number; stride: number; timm: boolean },
): Node {
  const { kind, planes, stride, timm } = o;
  const convolutions = convolutionsOf(kind, planes, stride);
  const out = convolutions.at(-1)!.out;
  return b.scope(name, kind, () => {
    const body = convolutions.reduce((y, conv, i) => {
      const z = batchNorm(b, `bn${i + 1}`, convolution(b, `conv${i + 1}`, y, conv));
      // The basic block has a ReLU behind its last norm too.
      return kind === "SEResNetBlock" || i < convolutions.length - 1 ? relu(b, "relu", z) : z;
    }, x);
    const kernel = kind === "SEBottleneck" && stride > 1 ? 3 : 1;
    const shortcut =
      stride === 1 && x.shape[3] === out
        ? x
        : sequential(b, "downsample", x, [
            ["0", (_, n, y) => convolution(b, n, y, { out, kernel, stride })],
            ["1", batchNorm],
          ]);
    const modules = squeezeModules(b, SQUEEZE, GATING, timm ? undefined : "avg_pool");
    const squeezed = b.scope("se_module", "SEModule", () => squeezeExcite(b, body, out / REDUCTION, modules));
    return relu(b, "relu", b.add(squeezed, shortcut));
  });
}

/** Without padding at the start, as Caffe pools. */
const stemPool = (b: Builder, name: string, x: Node): Node =>
  maxPool2d(b, name, x, { kernel: 3, stride: 2, ceil: true });

function stem(b: Builder, picture: Node, timm: boolean, deep: boolean): Node {
  const convolutions: readonly ConvNorm[] = deep
    ? [
        { out: 64, kernel: 3, stride: 2 },
        { out: 64, kernel: 3 },
        { out: 128, kernel: 3 },
      ]
    : [{ out: 64, kernel: 7, stride: 2 }];
  const x = b.scope("layer0", "Sequential", () => {
    const y = convolutions.reduce(
      (z, conv, i) =>
        relu(b, `relu${i + 1}`, batchNorm(b, `bn${i + 1}`, convolution(b, `conv${i + 1}`, z, conv))),
      picture,
    );
    return timm ? y : stemPool(b, "pool", y);
  });
  return timm ? stemPool(b, "pool0", x) : x;
}

function buildSENet(b: Builder, { block: kind, blocks }: SENetShape, o: BuildOptions): ModelGraph {
  const timm = o.spelling === "timm";
  const is154 = kind === "SEBottleneck";
  const picture = b.input("picture", [b.batch, ...o.size, o.channels]);
  const features = blocks.reduce(
    (x, count, stage) =>
      b.scope(`layer${stage + 1}`, "Sequential", () => {
        let y = x;
        for (let i = 0; i < count; i++)
          y = block(b, `${i}`, y, { kind, planes: 64 << stage, stride: stage > 0 && i === 0 ? 2 : 1, timm });
        return y;
      }),
    stem(b, picture, timm, is154),
  );
  if (timm)
    return {
      picture,
      logits: classifier(b, "last_linear", selectAdaptivePool(b, "global_pool", features), o.classes),
    };
  const pooled = headPool(b, "avg_pool", features, "AvgPool2d");
  const dropped = is154 ? identity(b, "dropout", pooled, "Dropout") : pooled;
  return { picture, logits: classifier(b, "last_linear", dropped, o.classes) };
}

const TIMM: Spelling = { name: "timm" };
/** Its pool before the head is for maps of 7x7 only. */
const CADENE: Spelling = { name: "pretrainedmodels" };

const senet = (shape: SENetShape, spellings: readonly Spelling[]): ArchDef => ({
  family: SE_RESNET,
  build: (b, o) => buildSENet(b, shape, o),
  preprocessing: IMAGENET,
  minSize: 32,
  defaultLayer: "layer4[-1]",
  keyRules: [inSequential("last_linear")],
  spellings,
  classesFrom: "last_linear.weight",
  channelsFrom: "layer0.conv1.weight",
  stem: [64, shape.block === "SEBottleneck" ? 3 : 7],
});

const BOTH = [CADENE, TIMM];

export const SENETS = {
  se_resnet50: senet({ block: "SEResNetBottleneck", blocks: DEPTHS[50] }, BOTH),
  se_resnet101: senet({ block: "SEResNetBottleneck", blocks: DEPTHS[101] }, BOTH),
  se_resnet152: senet({ block: "SEResNetBottleneck", blocks: DEPTHS[152] }, BOTH),
  se_resnext50_32x4d: senet({ block: "SEResNeXtBottleneck", blocks: DEPTHS[50] }, BOTH),
  se_resnext101_32x4d: senet({ block: "SEResNeXtBottleneck", blocks: DEPTHS[101] }, BOTH),
  legacy_senet154: senet({ block: "SEBottleneck", blocks: DEPTHS[152] }, BOTH),
  legacy_seresnet18: senet({ block: "SEResNetBlock", blocks: BASIC_DEPTHS[18] }, [TIMM]),
  legacy_seresnet34: senet({ block: "SEResNetBlock", blocks: BASIC_DEPTHS[34] }, [TIMM]),
  legacy_seresnext26_32x4d: senet({ block: "SEResNeXtBottleneck", blocks: DEPTHS[26] }, [TIMM]),
};
