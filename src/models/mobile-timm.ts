/** @file EfficientNet, MobileNetV2 and MobileNetV3 with timm's modules. */

import type { Builder } from "../graph/builder.js";
import type { Node } from "../graph/types.js";
import { TENSORFLOW_EPS, type BuildOptions, type ModelGraph } from "./arch.js";
import { classifier } from "./head.js";
import {
  activation,
  adaptiveAvgPool2d,
  batchNormAct,
  conv2d,
  flatten,
  identity,
  selectAdaptivePool,
} from "./layers.js";
import { mobileStages, type BlockStyle, type ConvPart } from "./inverted-residual.js";
import type { Block, BlockKind, MobileShape } from "./mobile-shape.js";
import { squeezeExcite, squeezeModules } from "./squeeze-excite.js";

/** timm pads its `tf_` networks as TensorFlow does, and their batch norms have TensorFlow's epsilon. */
const eps = (tf: boolean): number => (tf ? TENSORFLOW_EPS : 1e-5);

type Conv = Omit<ConvPart, "role">;

/** Convolution and batch norm, the activation inside the norm. */
function convNorm(b: Builder, [conv, norm]: readonly [string, string], x: Node, o: Conv, tf: boolean): Node {
  // Without strides the padding is the same on both sides. timm then has a plain Conv2d.
  const padding =
    tf && o.stride > 1 ? ({ padding: "same", kind: "Conv2dSame" } as const) : { padding: (o.kernel - 1) / 2 };
  const y = conv2d(b, conv, x, { ...o, ...padding, bias: false });
  return batchNormAct(b, norm, y, o.act ?? "Identity", eps(tf));
}

interface BlockNames {
  readonly kind: string;
  readonly parts: { readonly [R in ConvPart["role"]]?: readonly [conv: string, norm: string] };
}

const BLOCKS: { readonly [K in BlockKind]: BlockNames } = {
  separable: {
    kind: "DepthwiseSeparableConv",
    parts: { depthwise: ["conv_dw", "bn1"], project: ["conv_pw", "bn2"] },
  },
  inverted: {
    kind: "InvertedResidual",
    parts: { expand: ["conv_pw", "bn1"], depthwise: ["conv_dw", "bn2"], project: ["conv_pwl", "bn3"] },
  },
  fused: { kind: "EdgeResidual", parts: { fused: ["conv_exp", "bn1"], project: ["conv_pwl", "bn2"] } },
  conv: { kind: "ConvBnAct", parts: { fused: ["conv", "bn1"] } },
};

/** Identities. Other members of the family have layers here. */
const after = (b: Builder, x: Node, { kind, squeezed }: Block): Node => {
  const y = identity(b, "aa", x);
  return kind === "conv" || squeezed !== undefined ? y : identity(b, "se", y);
};

const SQUEEZE = { reduce: "conv_reduce", act: "act1", expand: "conv_expand", gate: "gate" };

const styleOf = ({ gating }: MobileShape, tf: boolean): BlockStyle => ({
  kindOf: ({ kind }) => BLOCKS[kind].kind,
  conv: (b, x, part, _, block) => {
    const y = convNorm(b, BLOCKS[block.kind].parts[part.role]!, x, part, tf);
    return part.role === "depthwise" || part.role === "fused" ? after(b, y, block) : y;
  },
  squeeze: (b, x, squeezed) =>
    b.scope("se", "SqueezeExcite", () => squeezeExcite(b, x, squeezed, squeezeModules(b, SQUEEZE, gating!))),
  dropped: (b, x, skips) =>
    skips ? identity(b, "drop_path", x) : b.container("drop_path", "Identity", () => x),
});

export function buildTimm(b: Builder, shape: MobileShape, tf: boolean, o: BuildOptions): ModelGraph {
  const { act } = shape;
  const picture = b.input("picture", [b.batch, ...o.size, o.channels]);
  const point = { kernel: 1, stride: 1, groups: 1, act };
  const stem = convNorm(
    b,
    ["conv_stem", "bn1"],
    picture,
    { ...point, out: shape.stem, kernel: 3, stride: 2 },
    tf,
  );
  const stages: readonly (readonly Block[])[] =
    shape.hidden === undefined
      ? shape.stages
      : [...shape.stages, [{ ...point, kind: "conv", expanded: shape.last, out: shape.last }]];
  const style = styleOf(shape, tf);
  const x = b.scope("blocks", "Sequential", () => mobileStages(b, stem, stages, style));
  if (shape.hidden !== undefined) return { picture, logits: efficientHead(b, x, shape, o.classes) };
  const features = convNorm(b, ["conv_head", "bn2"], x, { ...point, out: shape.last }, tf);
  return {
    picture,
    logits: classifier(b, "classifier", selectAdaptivePool(b, "global_pool", features), o.classes),
  };
}

/** MobileNetV3's, whose last convolution comes after the pooling. */
function efficientHead(b: Builder, x: Node, { hidden, act }: MobileShape, classes: number): Node {
  const pooled = b.scope("global_pool", "SelectAdaptivePool2d", () =>
    identity(b, "flatten", adaptiveAvgPool2d(b, "pool", x, 1)),
  );
  const y = identity(b, "norm_head", conv2d(b, "conv_head", pooled, { out: hidden!, kernel: 1 }));
  const z = activation(b, "act2", y, act);
  return classifier(
    b,
    "classifier",
    b.scope("flatten", "Flatten", () => flatten(b, z)),
    classes,
  );
}
