/** @file Squeeze-excitation (Hu et al. 2018), with the modules of torchvision and timm. */

import type { Builder } from "../graph/builder.js";
import type { Node } from "../graph/types.js";
import type { ActivationKind } from "./activations.js";
import { requireSetting } from "./file-layer.js";
import { activation, adaptiveAveragePool, adaptiveAvgPool2d, conv2d, identity } from "./layers.js";

/** Its modules; a missing one is a function. */
export interface SqueezeModules {
  readonly pool?: (b: Builder, x: Node) => Node;
  readonly reduce: (b: Builder, x: Node, out: number) => Node;
  readonly act: (b: Builder, x: Node) => Node;
  readonly expand: (b: Builder, x: Node, out: number) => Node;
  readonly gate: (b: Builder, x: Node) => Node;
}

/** Multiplies each channel by a factor that two 1x1 convolutions compute from the channels' means. */
export function squeezeExcite(b: Builder, x: Node, squeezed: number, modules: SqueezeModules): Node {
  const means = modules.pool?.(b, x) ?? adaptiveAveragePool(b, x, [1, 1]);
  const few = modules.act(b, modules.reduce(b, means, squeezed));
  return b.mul(x, modules.gate(b, modules.expand(b, few, x.shape[3]!)));
}

const point =
  (name: string) =>
  (b: Builder, x: Node, out: number): Node =>
    conv2d(b, name, x, { out, kernel: 1 });

const act =
  (name: string, kind: ActivationKind) =>
  (b: Builder, x: Node): Node =>
    activation(b, name, x, kind);

interface Gating {
  readonly act: ActivationKind;
  readonly gate: ActivationKind;
}

/** torchvision.ops.SqueezeExcitation */
export const squeezeExcitation = (b: Builder, name: string, x: Node, squeezed: number, o: Gating): Node =>
  b.scope(name, "SqueezeExcitation", () =>
    squeezeExcite(b, x, squeezed, {
      pool: (_, y) => adaptiveAvgPool2d(b, "avgpool", y, 1),
      reduce: point("fc1"),
      act: act("activation", o.act),
      expand: point("fc2"),
      gate: act("scale_activation", o.gate),
    }),
  );

/** timm's SEModule */
export const seModule = (b: Builder, name: string, x: Node, squeezed: number): Node =>
  b.scope(name, "SEModule", () => {
    requireSetting(b, ["add_maxpool"], false);
    return squeezeExcite(b, x, squeezed, {
      reduce: point("fc1"),
      act: (_, y) => activation(b, "act", identity(b, "bn", y), "ReLU"),
      expand: point("fc2"),
      gate: act("gate", "Sigmoid"),
    });
  });
