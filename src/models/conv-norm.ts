/** @file Convolution, batch norm and activation in one module, as torchvision and timm have it. */

import type { Builder } from "../graph/builder.js";
import type { Node } from "../graph/types.js";
import { activation, batchNorm, batchNormAct, conv2d, type ActivationKind } from "./layers.js";

export interface ConvNorm {
  readonly out: number;
  readonly kernel: number;
  readonly stride?: number;
  readonly groups?: number;
  /** Missing where none follows. */
  readonly act?: ActivationKind;
}

/** The convolution alone. It keeps the map's size, divided by the stride. */
export const convolution = (
  b: Builder,
  name: string,
  x: Node,
  { out, kernel, stride = 1, groups = 1 }: ConvNorm,
): Node => conv2d(b, name, x, { out, kernel, stride, groups, padding: (kernel - 1) / 2, bias: false });

/** The three as modules `names` of the current scope. @param eps of the norm, where it is not PyTorch's default */
export function convNorm(
  b: Builder,
  [conv, norm, act]: readonly string[],
  x: Node,
  o: ConvNorm,
  eps?: number,
): Node {
  const y = batchNorm(b, norm!, convolution(b, conv!, x, o), eps);
  return o.act ? activation(b, act, y, o.act) : y;
}

/** torchvision.ops.Conv2dNormActivation @param kind the name of a derived class */
export const conv2dNormActivation = (
  b: Builder,
  name: string,
  x: Node,
  o: ConvNorm,
  { eps, kind = "Conv2dNormActivation" }: { readonly eps?: number; readonly kind?: string } = {},
): Node => b.scope(name, kind, () => convNorm(b, ["0", "1", "2"], x, o, eps));

/** timm's ConvNormAct, whose activation belongs to the norm. */
export const convNormAct = (b: Builder, name: string, x: Node, o: ConvNorm): Node =>
  b.scope(name, "ConvNormAct", () =>
    batchNormAct(b, "bn", convolution(b, "conv", x, o), o.act ?? "Identity"),
  );
