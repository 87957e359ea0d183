/** @file EfficientNet with the modules of efficientnet_pytorch (lukemelas), and EfficientNet-Lite with the same names. */

import type { Builder } from "../graph/builder.js";
import type { Node, Pair } from "../graph/types.js";
import { square, TENSORFLOW_EPS, type BuildOptions, type ModelGraph } from "./arch.js";
import { classifier } from "./head.js";
import {
  activation,
  batchNorm,
  conv2d,
  headPool,
  identity,
  samePadding,
  type ActivationKind,
} from "./layers.js";
import { mobileBlocks, type BlockStyle, type ConvPart } from "./inverted-residual.js";
import type { MobileShape } from "./mobile-shape.js";
import { squeezeExcite } from "./squeeze-excite.js";
import { zeroPad } from "./zero-pad.js";

type Conv = Pick<ConvPart, "out" | "kernel"> &
  Partial<Pick<ConvPart, "stride" | "groups">> & { bias?: boolean };
type Convolve = (b: Builder, name: string, x: Node, o: Conv) => Node;

/** Convolutions that pad as TensorFlow does for a picture of `size`, whatever size the picture has. */
function padded(size: Pair): Convolve {
  let at = size;
  return (b, name, x, { stride = 1, ...o }) => {
    const sides = samePadding(at, { kernel: square(o.kernel), stride: square(stride) });
    at = [Math.ceil(at[0] / stride), Math.ceil(at[1] / stride)];
    const before = (y: Node): Node => zeroPad(b, "static_padding", y, sides);
    return conv2d(b, name, x, { bias: false, ...o, stride, kind: "Conv2dStaticSamePadding", before });
  };
}

const NAMES = {
  expand: ["_expand_conv", "_bn0"],
  depthwise: ["_depthwise_conv", "_bn1"],
  project: ["_project_conv", "_bn2"],
} as const;

/** efficientnet_pytorch has its own class for SiLU. */
const kindOf = (act: ActivationKind): ActivationKind => (act === "SiLU" ? "MemoryEfficientSwish" : act);

function styleOf(convolve: Convolve, swish: (x: Node) => Node): BlockStyle {
  return {
    kindOf: () => "MBConvBlock",
    conv: (b, x, { role, act: follows, out, kernel, stride, groups }) => {
      const [conv, norm] = NAMES[role as keyof typeof NAMES];
      const y = batchNorm(b, norm, convolve(b, conv, x, { out, kernel, stride, groups }), TENSORFLOW_EPS);
      return follows ? swish(y) : y;
    },
    squeeze: (b, x, squeezed) =>
      squeezeExcite(b, x, squeezed, {
        reduce: (y, out) => convolve(b, "_se_reduce", y, { out, kernel: 1, bias: true }),
        act: swish,
        expand: (y, out) => convolve(b, "_se_expand", y, { out, kernel: 1, bias: true }),
        gate: (y) => b.sigmoid(y),
      }),
  };
}

/** @param madeFor the size of picture that the network pads for */
export function buildLukemelas(b: Builder, shape: MobileShape, madeFor: Pair, o: BuildOptions): ModelGraph {
  const convolve = padded(madeFor);
  const swish = (x: Node): Node => activation(b, "_swish", x, kindOf(shape.act));
  const style = styleOf(convolve, swish);
  const picture = b.input("picture", [b.batch, ...o.size, o.channels]);
  const first = convolve(b, "_conv_stem", picture, { out: shape.stem, kernel: 3, stride: 2 });
  const stem = swish(batchNorm(b, "_bn0", first, TENSORFLOW_EPS));
  const x = b.container("_blocks", "ModuleList", () => mobileBlocks(b, stem, shape.stages.flat(), style));
  const last = convolve(b, "_conv_head", x, { out: shape.last, kernel: 1 });
  const features = swish(batchNorm(b, "_bn1", last, TENSORFLOW_EPS));
  const pooled = headPool(b, "_avg_pooling", features);
  return { picture, logits: classifier(b, "_fc", identity(b, "_dropout", pooled, "Dropout"), o.classes) };
}
