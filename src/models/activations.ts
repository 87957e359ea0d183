/** @file Activation modules by class: a file's own class is computed, even where it differs from the architecture's. */

import type { Builder } from "../graph/builder.js";
import type { Node } from "../graph/types.js";
import { fileLayer, optionalLayer, type FileLayer } from "./file-layer.js";

/** Reads a setting of the file's module, or PyTorch's default. */
type Setting = (name: string, fallback: number) => number;
type Make = (b: Builder, x: Node, setting: Setting, file: FileLayer | undefined) => Node;

const select = (b: Builder, x: Node, above: number, yes: Node | number, no: Node | number): Node =>
  b.select(b.greater(x, above), yes, no);

/** It avoids the op `relu`, which guided backprop changes. PyTorch's packages change nn.ReLU alone. */
const clamp = (b: Builder, x: Node, low: number, high: number): Node =>
  select(b, x, low, b.select(b.greater(high, x), x, high), low);

/** log(1 + exp(x)), finite for all x. */
const softplus = (b: Builder, x: Node): Node => b.add(b.max(x, 0), b.log(b.add(b.exp(b.neg(b.abs(x))), 1)));

const geluTanh = (b: Builder, x: Node): Node => {
  const inner = b.mul(b.add(x, b.mul(b.mul(b.mul(x, x), x), 0.044715)), Math.sqrt(2 / Math.PI));
  return b.mul(b.mul(x, 0.5), b.add(b.tanh(inner), 1));
};

const hardsigmoid = (b: Builder, x: Node): Node => b.mul(clamp(b, b.add(x, 3), 0, 6), 1 / 6);
/** exp(x) - 1 where x is negative, else 0. */
const expm1Below = (b: Builder, x: Node): Node => b.sub(b.exp(b.min(x, 0)), 1);

function geluModule(b: Builder, x: Node, _: Setting, file: FileLayer | undefined): Node {
  const approximate = file?.raw("approximate") ?? "none";
  if (approximate === "none") return b.gelu(x);
  if (approximate !== "tanh") return file!.refuseSetting("approximate", approximate, b.gelu(x));
  if (file?.isUsual) file.compare("approximate", "none", approximate);
  return geluTanh(b, x);
}

const SELU = { scale: 1.0507009873554805, alpha: 1.6732632423543772 };

/** Modules that do nothing in evaluation, of PyTorch, torchvision, timm and transformers. */
export const INERT: ReadonlySet<string> = new Set([
  ..."Identity Dropout Dropout1d Dropout2d Dropout3d AlphaDropout FeatureAlphaDropout".split(" "),
  ..."DropPath StochasticDepth DropBlock2d PatchDropout".split(" "),
  // transformers'
  ..."ViT Swin Swinv2 PvtV2 Beit Data2VecVision ConvNext ConvNextV2 Dinov2 Dinov2WithRegisters"
    .split(" ")
    .map((name) => `${name}DropPath`),
  ..."Flatten Permute LinearActivation QuantStub DeQuantStub FloatFunctional".split(" "),
]);

/** Classes that compute the same. */
const each = (classes: string, make: Make): Readonly<Record<string, Make>> =>
  Object.fromEntries(classes.split(" ").map((name) => [name, make]));

/** By class. New ones are added here, and to test/models/file-layers.test.ts. */
export const ACTIVATIONS: Readonly<Record<string, Make>> = {
  ReLU: (b, x) => b.relu(x),
  GELU: geluModule,
  LeakyReLU: (b, x, s) => select(b, x, 0, x, b.mul(x, s("negative_slope", 0.01))),
  RReLU: (b, x, s) => select(b, x, 0, x, b.mul(x, (s("lower", 1 / 8) + s("upper", 1 / 3)) / 2)),
  ReLU6: (b, x) => clamp(b, x, 0, 6),
  Hardtanh: (b, x, s) => clamp(b, x, s("min_val", -1), s("max_val", 1)),
  Threshold: (b, x, s) => select(b, x, s("threshold", 0), x, s("value", 0)),
  ...each("SiLU Swish SwishMe SiLUActivation MemoryEfficientSwish", (b, x) => b.mul(x, b.sigmoid(x))),
  ...each("Mish MishMe MishActivation", (b, x) => b.mul(x, b.tanh(softplus(b, x)))),
  ...each("Hardswish HardSwish HardSwishMe", (b, x) => b.mul(x, hardsigmoid(b, x))),
  ...each("Hardsigmoid HardSigmoid HardSigmoidMe", hardsigmoid),
  Sigmoid: (b, x) => b.sigmoid(x),
  Tanh: (b, x) => b.tanh(x),
  ...each("GELUTanh PytorchGELUTanh NewGELUActivation FastGELUActivation", geluTanh),
  ...each("QuickGELU QuickGELUActivation", (b, x) => b.mul(x, b.sigmoid(b.mul(x, 1.702)))),
  ELU: (b, x, s) => select(b, x, 0, x, b.mul(expm1Below(b, x), s("alpha", 1))),
  SELU: (b, x) => b.mul(select(b, x, 0, x, b.mul(expm1Below(b, x), SELU.alpha)), SELU.scale),
  CELU: (b, x, s) => {
    const alpha = s("alpha", 1);
    return select(b, x, 0, x, b.mul(expm1Below(b, b.mul(x, 1 / alpha)), alpha));
  },
  Softplus: (b, x, s) => b.mul(softplus(b, b.mul(x, s("beta", 1))), 1 / s("beta", 1)),
  Softsign: (b, x) => b.div(x, b.add(b.abs(x), 1)),
  Tanhshrink: (b, x) => b.sub(x, b.tanh(x)),
  LogSigmoid: (b, x) => b.neg(softplus(b, b.neg(x))),
  Hardshrink: (b, x, s) => select(b, b.abs(x), s("lambd", 0.5), x, 0),
  Softshrink: (b, x, s) => {
    const lambda = s("lambd", 0.5);
    return select(b, x, lambda, b.sub(x, lambda), b.select(b.greater(-lambda, x), b.add(x, lambda), 0));
  },
};

const isActivation = (kind: string): boolean => Object.hasOwn(ACTIVATIONS, kind);

function computed(b: Builder, name: string, x: Node, file: FileLayer): Node {
  const settings = new Set<string>();
  if (file.raw("approximate") === "tanh") settings.add("approximate tanh");
  const read: Setting = (setting, fallback) => {
    const value = file.number(setting, fallback);
    settings.add(`${setting} ${value}`);
    return value;
  };
  const make = ACTIVATIONS[file.kind]!;
  const y = b.scope(name, file.kind, () => make(b, x, read, file));
  if (make !== ACTIVATIONS[file.usual]) file.compareKind([...settings].join(", "));
  return y;
}

/** Classes of activations that architectures have. */
export type ActivationKind =
  | "ReLU"
  | "ReLU6"
  | "GELU"
  | "GELUTanh"
  | "QuickGELU"
  | "SiLU"
  | "MemoryEfficientSwish"
  | "Hardswish"
  | "Hardsigmoid"
  | "Sigmoid";

/**
 * An activation module: the file's, else the architecture's.
 * @param name undefined for one that has no module
 * @param usual a class of the table, or Identity
 */
export function activation(b: Builder, name: string | undefined, x: Node, usual: string): Node {
  const own = (): Node =>
    usual === "Identity" ? x : ACTIVATIONS[usual]!(b, x, (_, fallback) => fallback, undefined);
  if (name === undefined) return own();
  const file = fileLayer(b, name, usual);
  if (file && INERT.has(file.kind)) {
    file.compareKind();
    return b.scope(name, file.kind, () => x);
  }
  if (file && isActivation(file.kind)) return computed(b, name, x, file);
  file?.refuseKind();
  return b.scope(name, usual, own);
}

export const relu = (b: Builder, name: string, x: Node): Node => activation(b, name, x, "ReLU");
export const gelu = (b: Builder, name: string, x: Node): Node => activation(b, name, x, "GELU");

/** A module that does nothing in evaluation. A file may have an activation in its place. */
export function identity(
  b: Builder,
  name: string,
  x: Node,
  kind: "Identity" | "Dropout" | "DropPath" = "Identity",
): Node {
  const file = optionalLayer(b, name, kind);
  if (!file || INERT.has(file.kind)) return b.scope(name, kind, () => x);
  if (isActivation(file.kind)) return computed(b, name, x, file);
  file.refuseKind();
  return b.scope(name, kind, () => x);
}
