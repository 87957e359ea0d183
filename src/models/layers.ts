/**
 * @file The modules that model families share, as torch.nn has them. Each opens a scope of its name, so that it is a tap and
 * its parameters have PyTorch's keys. If the file holds its modules, their settings are used.
 */

import type { Builder } from "../graph/builder.js";
import type { Node } from "../graph/types.js";
import { activation, identity, type ActivationKind } from "./activations.js";
import { enclosingKind, fileLayer, type FileLayer } from "./file-layer.js";

export { activation, gelu, identity, relu, type ActivationKind } from "./activations.js";
export { conv2d, samePadding, type Conv2dOptions } from "./convolution.js";
export {
  adaptiveAveragePool,
  adaptiveAvgPool2d,
  averagePool,
  avgPool2d,
  flatten,
  headPool,
  maxPool,
  maxPool2d,
  selectAdaptivePool,
} from "./pools.js";

/** Norms of torch, torchvision and timm that compute the same in evaluation. */
const BATCH_NORMS = new Set([
  "BatchNorm2d",
  "SyncBatchNorm",
  "FrozenBatchNorm2d",
  "FrozenBatchNormAct2d",
  "BatchNormAct2d",
  "BatchNorm1d",
]);
const BATCH_EPS = 1e-5;

/** The file's epsilon if its module is of an accepted class, else the usual one. */
export function epsOf(
  file: FileLayer | undefined,
  usual: number,
  accepts: (kind: string) => boolean,
): number {
  if (file === undefined) return usual;
  if (!accepts(file.kind)) {
    file.refuseKind();
    return usual;
  }
  file.expect("eps");
  const eps = file.number("eps", usual);
  file.compare("eps", usual, eps);
  return eps;
}

/**
 * torch.nn.BatchNorm2d in evaluation mode, as x * scale + shift. Both are made of parameters alone, so that they are computed
 * once and can be folded into a neighbour.
 */
export function batchNorm(
  b: Builder,
  name: string,
  x: Node,
  usual = BATCH_EPS,
  kind: "BatchNorm2d" | "BatchNorm1d" = "BatchNorm2d",
): Node {
  const file = fileLayer(b, name, kind);
  const eps = epsOf(file, usual, (found) => BATCH_NORMS.has(found) && !found.includes("Act"));
  return b.scope(name, kind, () => normalizeBatch(b, x, eps));
}

/** timm's BatchNormAct2d: the activation belongs to the module. */
export function batchNormAct(
  b: Builder,
  name: string,
  x: Node,
  act: ActivationKind | "Identity" = "ReLU",
  usual = BATCH_EPS,
): Node {
  const file = fileLayer(b, name, "BatchNormAct2d");
  const eps = epsOf(file, usual, (kind) => kind.includes("BatchNormAct") || kind === "FrozenBatchNormAct2d");
  return b.scope(name, "BatchNormAct2d", () => {
    const y = identity(b, "drop", normalizeBatch(b, x, eps));
    return act === "Identity" ? identity(b, "act", y) : activation(b, "act", y, act);
  });
}

function normalizeBatch(b: Builder, x: Node, eps: number): Node {
  const channels = [x.shape.at(-1)!];
  const scale = b.mul(b.param("weight", channels), b.rsqrt(b.add(b.param("running_var", channels), eps)));
  const shift = b.sub(b.param("bias", channels), b.mul(b.param("running_mean", channels), scale));
  return b.add(b.mul(x, scale), shift);
}

/** torch.nn.LayerNorm over the last axis. `kind` is its class in the architecture's implementation. */
export function layerNorm(
  b: Builder,
  name: string,
  x: Node,
  usual: number,
  kind: "LayerNorm" | "LayerNorm2d" = "LayerNorm",
): Node {
  const channels = [x.shape.at(-1)!];
  const eps = epsOf(fileLayer(b, name, kind), usual, (found) => found === kind);
  return b.scope(name, kind, () =>
    b.add(b.mul(b.normalize(x, eps), b.param("weight", channels)), b.param("bias", channels)),
  );
}

interface LinearOptions {
  /** Default true, as PyTorch's. "optional": as the file has it. */
  readonly bias?: boolean | "optional";
}

const LINEARS = new Set(["Linear", "NonDynamicallyQuantizableLinear", "LazyLinear"]);

/** Checks the file's module of a Linear, which has no settings. */
export function checkLinear(b: Builder, name: string): void {
  // torch.nn.MultiheadAttention has the parameters of its first Linear, but no module for it.
  if (enclosingKind(b) === "MultiheadAttention" && name === "qkv") return;
  const file = fileLayer(b, name, "Linear");
  if (file && !LINEARS.has(file.kind)) file.refuseKind();
}

/** torch.nn.Linear on the last axis: x W^T + bias, W [out, in]. */
export function linear(b: Builder, name: string, x: Node, out: number, o: LinearOptions = {}): Node {
  checkLinear(b, name);
  return b.scope(name, "Linear", () => {
    const y = b.matmul(x, b.param("weight", [out, x.shape.at(-1)!]), { transposeB: true });
    const isLeftOut = b.fileHas("weight") === true && b.fileHas("bias") === false;
    const hasBias = o.bias === "optional" ? !isLeftOut : (o.bias ?? true);
    return hasBias ? b.add(y, b.param("bias", [out])) : y;
  });
}

/** torch.nn.Sequential of [name, module] pairs. */
export function sequential(
  b: Builder,
  name: string,
  x: Node,
  parts: readonly (readonly [name: string, part: (b: Builder, name: string, x: Node) => Node])[],
): Node {
  return b.scope(name, "Sequential", () => parts.reduce((y, [part, make]) => make(b, part, y), x));
}
