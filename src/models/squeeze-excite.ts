/** @file Squeeze-excitation (Hu et al. 2018), with the modules of torchvision and timm. */

import type { Builder } from "../graph/builder.js";
import type { Node } from "../graph/types.js";
import type { ActivationKind } from "./activations.js";
import { requireSetting } from "./file-layer.js";
import { activation, adaptiveAveragePool, adaptiveAvgPool2d, conv2d, identity } from "./layers.js";

/** Its activations: between its convolutions, and after them. */
export interface Gating {
  readonly act: ActivationKind;
  readonly gate: ActivationKind;
}

/** Its modules; a missing one is a function. */
interface SqueezeModules {
  readonly pool?: (x: Node) => Node;
  readonly reduce: (x: Node, out: number) => Node;
  readonly act: (x: Node) => Node;
  readonly expand: (x: Node, out: number) => Node;
  readonly gate: (x: Node) => Node;
}

/** Multiplies each channel by a factor that two 1x1 convolutions compute from the channels' means. */
export function squeezeExcite(b: Builder, x: Node, squeezed: number, modules: SqueezeModules): Node {
  const means = modules.pool?.(x) ?? adaptiveAveragePool(b, x, [1, 1]);
  const few = modules.act(modules.reduce(means, squeezed));
  return b.mul(x, modules.gate(modules.expand(few, x.shape[3]!)));
}

type Names = Readonly<Record<"reduce" | "act" | "expand" | "gate", string>>;

/** The modules of usual classes, by their names. */
export const squeezeModules = (b: Builder, names: Names, kinds: Gating, pool?: string): SqueezeModules => ({
  ...(pool !== undefined && { pool: (x: Node) => adaptiveAvgPool2d(b, pool, x, 1) }),
  reduce: (x, out) => conv2d(b, names.reduce, x, { out, kernel: 1 }),
  act: (x) => activation(b, names.act, x, kinds.act),
  expand: (x, out) => conv2d(b, names.expand, x, { out, kernel: 1 }),
  gate: (x) => activation(b, names.gate, x, kinds.gate),
});

const TORCHVISION: Names = { reduce: "fc1", act: "activation", expand: "fc2", gate: "scale_activation" };

/** torchvision.ops.SqueezeExcitation */
export const squeezeExcitation = (b: Builder, name: string, x: Node, squeezed: number, o: Gating): Node =>
  b.scope(name, "SqueezeExcitation", () =>
    squeezeExcite(b, x, squeezed, squeezeModules(b, TORCHVISION, o, "avgpool")),
  );

const TIMM: Names = { reduce: "fc1", act: "act", expand: "fc2", gate: "gate" };

/** timm's SEModule */
export const seModule = (b: Builder, name: string, x: Node, squeezed: number): Node =>
  b.scope(name, "SEModule", () => {
    requireSetting(b, ["add_maxpool"], false);
    const modules = squeezeModules(b, TIMM, { act: "ReLU", gate: "Sigmoid" });
    return squeezeExcite(b, x, squeezed, { ...modules, act: (y) => modules.act(identity(b, "bn", y)) });
  });
