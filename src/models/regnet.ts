/** @file RegNetX and RegNetY (Radosavovic et al. 2020), as torchvision, timm and Hugging Face have them. */

import type { Builder } from "../graph/builder.js";
import type { Node } from "../graph/types.js";
import { imageNetAt, type ArchDef, type BuildOptions, type ModelGraph, type Spelling } from "./arch.js";
import type { Family } from "./family.js";
import { conv2dNormActivation, convNormAct, type ConvNorm } from "./conv-norm.js";
import { classifier, keysOf } from "./head.js";
import { HUGGING_FACE_REGNETS } from "./regnet-spellings.js";
import { headPool, identity, relu, selectAdaptivePool } from "./layers.js";
import { seModule, squeezeExcitation } from "./squeeze-excite.js";

export const REGNET: Family = { name: "regnet", title: "RegNet" };

interface RegNetShape {
  /** Channels and blocks of each stage. */
  readonly widths: readonly number[];
  readonly depths: readonly number[];
  /** Channels of a group of the 3x3 convolutions, in stages with at least this number. */
  readonly groupWidth: number;
  /** RegNetY's blocks have squeeze-excitation. */
  readonly squeezes: boolean;
}

interface Block {
  readonly out: number;
  readonly stride: number;
  readonly groups: number;
  /** Channels of its squeeze-excitation, a quarter of the block's input; 0 for none. */
  readonly squeezed: number;
  readonly projects: boolean;
}

const STEM: ConvNorm = { out: 32, kernel: 3, stride: 2, act: "ReLU" };

const convolutionsOf = ({ out, stride, groups }: Block) =>
  ({
    reduce: { out, kernel: 1, act: "ReLU" },
    group: { out, kernel: 3, stride, groups, act: "ReLU" },
    expand: { out, kernel: 1 },
    project: { out, kernel: 1, stride },
  }) satisfies Record<string, ConvNorm>;

/** How an implementation writes the network. */
interface Style {
  readonly stem: (b: Builder, picture: Node) => Node;
  /** Runs the stages, in a module of their own if it is given. */
  readonly trunk: (b: Builder, run: () => Node) => Node;
  readonly stage: (at: number) => readonly [name: string, kind: string];
  readonly block: (stage: number, at: number) => readonly [name: string, kind: string];
  readonly blockBody: (b: Builder, x: Node, block: Block) => Node;
  readonly logits: (b: Builder, x: Node, classes: number) => Node;
}

const GATING = { act: "ReLU", gate: "Sigmoid" } as const;

function torchvisionBody(b: Builder, x: Node, block: Block): Node {
  const { reduce, group, expand, project } = convolutionsOf(block);
  const shortcut = block.projects ? conv2dNormActivation(b, "proj", x, project) : x;
  const y = b.scope("f", "BottleneckTransform", () => {
    const z = conv2dNormActivation(b, "b", conv2dNormActivation(b, "a", x, reduce), group);
    const squeezed = block.squeezed === 0 ? z : squeezeExcitation(b, "se", z, block.squeezed, GATING);
    return conv2dNormActivation(b, "c", squeezed, expand);
  });
  return relu(b, "activation", b.add(y, shortcut));
}

const TORCHVISION: Style = {
  stem: (b, picture) => conv2dNormActivation(b, "stem", picture, STEM, { kind: "SimpleStemIN" }),
  trunk: (b, run) => b.scope("trunk_output", "Sequential", run),
  stage: (at) => [`block${at + 1}`, "AnyStage"],
  block: (stage, at) => [`block${stage + 1}-${at}`, "ResBottleneckBlock"],
  blockBody: torchvisionBody,
  logits: (b, x, classes) => classifier(b, "fc", headPool(b, "avgpool", x), classes),
};

function timmBody(b: Builder, x: Node, block: Block): Node {
  const { reduce, group, expand, project } = convolutionsOf(block);
  const shortcut = block.projects ? convNormAct(b, "downsample", x, project) : identity(b, "downsample", x);
  const y = convNormAct(b, "conv2", convNormAct(b, "conv1", x, reduce), group);
  const squeezed = block.squeezed === 0 ? identity(b, "se", y) : seModule(b, "se", y, block.squeezed);
  const z = identity(b, "drop_path", convNormAct(b, "conv3", squeezed, expand));
  return relu(b, "act3", b.add(z, shortcut));
}

const TIMM: Style = {
  stem: (b, picture) => convNormAct(b, "stem", picture, STEM),
  trunk: (_, run) => run(),
  stage: (at) => [`s${at + 1}`, "RegStage"],
  block: (_, at) => [`b${at + 1}`, "Bottleneck"],
  blockBody: timmBody,
  logits: (b, x, classes) => {
    const features = identity(b, "final_conv", x);
    return b.scope("head", "ClassifierHead", () => {
      const pooled = selectAdaptivePool(b, "global_pool", features);
      const logits = classifier(b, "fc", identity(b, "drop", pooled, "Dropout"), classes);
      return identity(b, "flatten", logits);
    });
  },
};

function buildRegNet(b: Builder, shape: RegNetShape, style: Style, o: BuildOptions): ModelGraph {
  const picture = b.input("picture", [b.batch, ...o.size, o.channels]);
  const stem = style.stem(b, picture);
  const stage = (x: Node, s: number): Node => {
    const out = shape.widths[s]!;
    const groups = out / Math.min(shape.groupWidth, out);
    return b.scope(...style.stage(s), () => {
      let y = x;
      for (let i = 0; i < shape.depths[s]!; i++) {
        const from = y.shape[3]!;
        const block: Block = {
          ...{ out, groups, stride: i === 0 ? 2 : 1, projects: i === 0 },
          squeezed: shape.squeezes ? from / 4 : 0,
        };
        const input = y;
        y = b.scope(...style.block(s, i), () => style.blockBody(b, input, block));
      }
      return y;
    });
  };
  const features = style.trunk(b, () => shape.widths.reduce((x, _, s) => stage(x, s), stem));
  return { picture, logits: style.logits(b, features, o.classes) };
}

/** Hugging Face's names are in a table from torchvision's. */
const STYLES = { torchvision: TORCHVISION, timm: TIMM, huggingface: TORCHVISION };

const SPELLINGS = {
  torchvision: keysOf("stem.0", "trunk_output[-1]", "fc"),
  timm: keysOf("stem.conv", "s4", "head.fc"),
};

/** The sides in pixels of the pictures that the weights of each implementation were evaluated on. */
type Sizes = Readonly<Partial<Record<"torchvision" | "timm", number>>>;

function regnet(shape: RegNetShape, sizes: Sizes): ArchDef {
  const names = (["torchvision", "timm"] as const).filter((name) => sizes[name] !== undefined);
  const [first] = names as [keyof Sizes];
  const { channelsFrom, classesFrom, defaultLayer } = SPELLINGS[first];
  return {
    family: REGNET,
    build: (b, o) => buildRegNet(b, shape, STYLES[o.spelling as keyof typeof STYLES], o),
    preprocessing: imageNetAt(sizes[first]!),
    minSize: 32,
    defaultLayer,
    spellings: [
      ...names.map((name): Spelling => ({
        name,
        ...SPELLINGS[name],
        statistics: imageNetAt(sizes[name]!),
      })),
      {
        name: "huggingface",
        ...SPELLINGS.torchvision,
        table: HUGGING_FACE_REGNETS[shape.squeezes ? "y" : "x"],
        statistics: imageNetAt(224),
      },
    ],
    classesFrom,
    channelsFrom,
    stem: [STEM.out, STEM.kernel],
  };
}

type Numbers = readonly number[];

const kind =
  (squeezes: boolean) =>
  (widths: Numbers, depths: Numbers, groupWidth: number, sizes: Sizes): ArchDef =>
    regnet({ widths, depths, groupWidth, squeezes }, sizes);
const x = kind(false);
const y = kind(true);

const BOTH = { torchvision: 224, timm: 224 };
const LARGER_TIMM = { torchvision: 224, timm: 288 };

/** timm rounds some widths differently from torchvision: these networks are listed twice. */
export const REGNETS = {
  regnet_x_400mf: x([32, 64, 160, 400], [1, 2, 7, 12], 16, BOTH),
  regnet_x_800mf: x([64, 128, 288, 672], [1, 3, 7, 5], 16, BOTH),
  regnet_x_1_6gf: x([72, 168, 408, 912], [2, 4, 10, 2], 24, BOTH),
  regnet_x_3_2gf: x([96, 192, 432, 1008], [2, 6, 15, 2], 48, BOTH),
  regnet_x_8gf: x([80, 240, 720, 1920], [2, 5, 15, 1], 120, BOTH),
  regnet_x_16gf: x([256, 512, 896, 2048], [2, 6, 13, 1], 128, BOTH),
  regnet_x_32gf: x([336, 672, 1344, 2520], [2, 7, 13, 1], 168, BOTH),
  regnet_y_400mf: y([48, 104, 208, 440], [1, 3, 6, 6], 8, BOTH),
  regnet_y_800mf: y([64, 144, 320, 784], [1, 3, 8, 2], 16, BOTH),
  regnet_y_1_6gf: y([48, 120, 336, 888], [2, 6, 17, 2], 24, BOTH),
  regnet_y_3_2gf: y([72, 216, 576, 1512], [2, 5, 13, 1], 24, LARGER_TIMM),
  regnet_y_8gf: y([224, 448, 896, 2016], [2, 4, 10, 1], 56, BOTH),
  regnet_y_16gf: y([224, 448, 1232, 3024], [2, 4, 11, 1], 112, LARGER_TIMM),
  regnet_y_32gf: y([232, 696, 1392, 3712], [2, 5, 12, 1], 232, BOTH),
  regnet_y_128gf: y([528, 1056, 2904, 7392], [2, 7, 17, 1], 264, { torchvision: 384, timm: 384 }),
  regnetx_002: x([24, 56, 152, 368], [1, 1, 4, 7], 8, { timm: 224 }),
  regnetx_004: x([32, 64, 160, 384], [1, 2, 7, 12], 16, { timm: 224 }),
  regnetx_006: x([48, 96, 240, 528], [1, 3, 5, 7], 24, { timm: 224 }),
  regnetx_040: x([80, 240, 560, 1360], [2, 5, 14, 2], 40, { timm: 224 }),
  regnetx_064: x([168, 392, 784, 1624], [2, 4, 10, 1], 56, { timm: 224 }),
  regnetx_120: x([224, 448, 896, 2240], [2, 5, 11, 1], 112, { timm: 224 }),
  regnety_002: y([24, 56, 152, 368], [1, 1, 4, 7], 8, { timm: 224 }),
  regnety_006: y([48, 112, 256, 608], [1, 3, 7, 4], 16, { timm: 224 }),
  regnety_008: y([64, 128, 320, 768], [1, 3, 8, 2], 16, { timm: 224 }),
  regnety_040: y([128, 192, 512, 1088], [2, 6, 12, 2], 64, { timm: 288 }),
  regnety_064: y([144, 288, 576, 1296], [2, 7, 14, 2], 72, { timm: 288 }),
  regnety_080: y([168, 448, 896, 2016], [2, 4, 10, 1], 56, { timm: 288 }),
  regnety_120: y([224, 448, 896, 2240], [2, 5, 11, 1], 112, { timm: 288 }),
  regnety_640: y([328, 984, 1968, 4920], [2, 5, 12, 1], 328, { timm: 384 }),
};
