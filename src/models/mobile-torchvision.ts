/** @file EfficientNet, MobileNetV2 and MobileNetV3 with torchvision's modules. */

import type { Builder } from "../graph/builder.js";
import type { Node } from "../graph/types.js";
import type { BuildOptions, ModelGraph } from "./arch.js";
import { conv2dNormActivation, convNorm } from "./conv-norm.js";
import { classifier, head } from "./head.js";
import { activation, adaptiveAveragePool, flatten, headPool, identity, linear } from "./layers.js";
import { mobileBlocks, mobileStages, type BlockStyle } from "./inverted-residual.js";
import type { MobileShape } from "./mobile-shape.js";
import { squeezeExcitation } from "./squeeze-excite.js";

export interface TorchvisionOptions {
  readonly network: "EfficientNet" | "MobileNetV2" | "MobileNetV3";
  readonly eps: number;
}

function styleOf({ gating }: MobileShape, { network, eps }: TorchvisionOptions): BlockStyle {
  const isEfficientNet = network === "EfficientNet";
  const name = network === "MobileNetV2" ? "conv" : "block";
  return {
    kindOf: ({ kind }) =>
      isEfficientNet ? (kind === "fused" || kind === "conv" ? "FusedMBConv" : "MBConv") : "InvertedResidual",
    parts: (b, run) => b.scope(name, "Sequential", run),
    conv: (b, x, part, at) =>
      network === "MobileNetV2" && part.role === "project"
        ? convNorm(b, [`${at}`, `${at + 1}`], x, part, eps)
        : conv2dNormActivation(b, `${at}`, x, part, { eps }),
    squeeze: (b, x, squeezed, at) => squeezeExcitation(b, `${at}`, x, squeezed, gating!),
    dropped: (b, x, skips) => {
      if (!isEfficientNet) return x;
      const enter = skips ? b.scope.bind(b) : b.container.bind(b);
      return enter("stochastic_depth", "StochasticDepth", () => x);
    },
  };
}

/** All blocks in one list, or each stage's blocks in a Sequential. */
function stagesOf(b: Builder, x: Node, shape: MobileShape, o: TorchvisionOptions): [Node, next: number] {
  const style = styleOf(shape, o);
  const { stages } = shape;
  if (o.network === "EfficientNet") return [mobileStages(b, x, stages, style, 1), 1 + stages.length];
  const blocks = stages.flat();
  return [mobileBlocks(b, x, blocks, style, 1), 1 + blocks.length];
}

export function buildTorchvision(
  b: Builder,
  shape: MobileShape,
  own: TorchvisionOptions,
  o: BuildOptions,
): ModelGraph {
  const { act } = shape;
  const picture = b.input("picture", [b.batch, ...o.size, o.channels]);
  const { eps } = own;
  const features = b.scope("features", "Sequential", () => {
    const stem = conv2dNormActivation(
      b,
      "0",
      picture,
      { out: shape.stem, kernel: 3, stride: 2, act },
      { eps },
    );
    const [x, next] = stagesOf(b, stem, shape, own);
    return conv2dNormActivation(b, `${next}`, x, { out: shape.last, kernel: 1, act }, { eps });
  });
  const pooled =
    own.network === "MobileNetV2"
      ? flatten(b, adaptiveAveragePool(b, features, [1, 1]))
      : headPool(b, "avgpool", features);
  const logits = head(b, "classifier", pooled, (x) =>
    b.scope("classifier", "Sequential", () => ownHead(b, x, shape, o.classes)),
  );
  return { picture, logits };
}

function ownHead(b: Builder, x: Node, { hidden, act }: MobileShape, classes: number): Node {
  if (hidden === undefined) return classifier(b, "1", identity(b, "0", x, "Dropout"), classes);
  const y = activation(b, "1", linear(b, "0", x, hidden), act);
  return classifier(b, "3", identity(b, "2", y, "Dropout"), classes);
}
