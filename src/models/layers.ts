/**
 * @file The modules that model families share, as torch.nn has them. Each opens a scope of its name, so that it is a tap
 * and its parameters have PyTorch's keys. Where the file holds its modules, their settings are taken.
 */

import type { Builder } from "../graph/builder.js";
import type { Node, Pair } from "../graph/types.js";
import { identity, relu } from "./activations.js";
import { enclosingKind, fileLayer, type FileLayer } from "./file-layer.js";

export { gelu, identity, relu } from "./activations.js";
export {
  adaptiveAveragePool,
  adaptiveAvgPool2d,
  avgPool2d,
  flatten,
  maxPool2d,
  selectAdaptivePool,
} from "./pools.js";

type Size = number | Pair;

const pair = (size: Size): Pair => (typeof size === "number" ? [size, size] : size);

export interface Conv2dOptions {
  readonly out: number;
  readonly kernel: Size;
  readonly stride?: Size;
  /** Zeros on both sides. */
  readonly padding?: Size;
  readonly dilation?: Size;
  readonly groups?: number;
  /** Default true, as PyTorch's. False: only where the file has one. "never": one in the file means another network. */
  readonly bias?: boolean | "never";
  /** Its output's size is built on elsewhere: another stride, padding or dilation in the file is refused. */
  readonly fixed?: boolean;
}

interface ConvSettings {
  readonly stride: Pair;
  readonly padding: readonly [Pair, Pair];
  readonly dilation: Pair;
  readonly groups: number;
}

const CONVOLUTIONS = new Set(["Conv2d", "LazyConv2d"]);

/** The file's padding on both sides of each axis. "same" puts what is odd at the end. */
function paddingIn(file: FileLayer, kernel: Pair, dilation: Pair, usual: Pair): readonly [Pair, Pair] {
  const said = file.raw("padding");
  if (said === "same") {
    const total = [0, 1].map((i) => dilation[i]! * (kernel[i]! - 1));
    return total.map((n): Pair => [Math.floor(n / 2), Math.ceil(n / 2)]) as unknown as [Pair, Pair];
  }
  const [y, x] = said === "valid" ? ([0, 0] as const) : file.pair("padding", usual);
  return [
    [y, y],
    [x, x],
  ];
}

/** The architecture's settings, or the file's. */
function convSettings(file: FileLayer | undefined, o: Conv2dOptions): ConvSettings {
  const { fixed = false } = o;
  const [y, x] = pair(o.padding ?? 0);
  const usual: ConvSettings = {
    stride: pair(o.stride ?? 1),
    padding: [
      [y, y],
      [x, x],
    ],
    dilation: pair(o.dilation ?? 1),
    groups: o.groups ?? 1,
  };
  if (file === undefined) return usual;
  if (!CONVOLUTIONS.has(file.kind)) {
    file.refuseKind();
    return usual;
  }
  for (const name of ["stride", "padding", "dilation", "groups"]) file.expect(name);
  const kernel = file.pair("kernel_size", pair(o.kernel));
  const dilation = file.pair("dilation", usual.dilation);
  const said: ConvSettings = {
    stride: file.pair("stride", usual.stride),
    padding: paddingIn(file, kernel, dilation, [y, x]),
    dilation,
    groups: file.number("groups", usual.groups),
  };
  const mode = file.raw("padding_mode") ?? "zeros";
  const pads = file.raw("pads") !== undefined || said.padding.flat().some((n) => n !== 0);
  if (mode !== "zeros" && pads) file.refuseSetting("padding_mode", mode, "zeros");
  file.compare("kernel_size", pair(o.kernel), kernel);
  for (const name of ["stride", "padding", "dilation", "groups"] as const) {
    if (fixed && String(said[name]) !== String(usual[name]))
      file.refuseSetting(name, said[name], usual[name]);
    else file.compare(name, brief(usual[name]), brief(said[name]));
  }
  return said;
}

/** [[1, 1], [1, 1]] as [1, 1]. */
const brief = (value: ConvSettings[keyof ConvSettings]): unknown =>
  Array.isArray(value) && value.every((one: Pair | number) => Array.isArray(one) && one[0] === one[1])
    ? (value as readonly Pair[]).map(([one]) => one)
    : value;

/** torch.nn.Conv2d on [B, H, W, C]. */
export function conv2d(b: Builder, name: string, x: Node, o: Conv2dOptions): Node {
  const settings = convSettings(fileLayer(b, name, "Conv2d"), o);
  return b.scope(name, "Conv2d", () => {
    const weight = b.param("weight", [o.out, x.shape[3]! / settings.groups, ...pair(o.kernel)]);
    const y = b.conv2d(x, weight, settings);
    const mayHave = o.bias !== "never" || b.file.modules !== undefined;
    const hasBias = o.bias === true || o.bias === undefined || (mayHave && b.fileHas("bias"));
    return hasBias ? b.add(y, b.param("bias", [o.out])) : y;
  });
}

/** Those of torch, torchvision and timm that compute the same outside training. */
const BATCH_NORMS = new Set([
  "BatchNorm2d",
  "SyncBatchNorm",
  "FrozenBatchNorm2d",
  "FrozenBatchNormAct2d",
  "BatchNormAct2d",
]);
const BATCH_EPS = 1e-5;

function epsOf(file: FileLayer | undefined, usual: number, accepts: (kind: string) => boolean): number {
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
 * torch.nn.BatchNorm2d in evaluation mode, as x * scale + shift with both made of parameters alone, so that they can be
 * prepared once and folded into a neighbour.
 */
export function batchNorm(b: Builder, name: string, x: Node): Node {
  const file = fileLayer(b, name, "BatchNorm2d");
  const eps = epsOf(file, BATCH_EPS, (kind) => BATCH_NORMS.has(kind) && !kind.includes("Act"));
  return b.scope(name, "BatchNorm2d", () => normalizeBatch(b, x, eps));
}

/** timm's BatchNormAct2d: the ReLU belongs to the module. */
export function batchNormAct(b: Builder, name: string, x: Node): Node {
  const file = fileLayer(b, name, "BatchNormAct2d");
  const eps = epsOf(
    file,
    BATCH_EPS,
    (kind) => kind.includes("BatchNormAct") || kind === "FrozenBatchNormAct2d",
  );
  return b.scope(name, "BatchNormAct2d", () =>
    relu(b, "act", identity(b, "drop", normalizeBatch(b, x, eps))),
  );
}

function normalizeBatch(b: Builder, x: Node, eps: number): Node {
  const channels = [x.shape.at(-1)!];
  const scale = b.mul(b.param("weight", channels), b.rsqrt(b.add(b.param("running_var", channels), eps)));
  const shift = b.sub(b.param("bias", channels), b.mul(b.param("running_mean", channels), scale));
  return b.add(b.mul(x, scale), shift);
}

/** torch.nn.LayerNorm over the last axis. */
export function layerNorm(b: Builder, name: string, x: Node, usual: number): Node {
  const channels = [x.shape.at(-1)!];
  const eps = epsOf(fileLayer(b, name, "LayerNorm"), usual, (kind) => kind === "LayerNorm");
  return b.scope(name, "LayerNorm", () =>
    b.add(b.mul(b.normalize(x, eps), b.param("weight", channels)), b.param("bias", channels)),
  );
}

export interface LinearOptions {
  /** Default true, as PyTorch's. "optional": as the file has it. */
  readonly bias?: boolean | "optional";
}

const LINEARS = new Set(["Linear", "NonDynamicallyQuantizableLinear", "LazyLinear"]);

/** Looks at the file's module of a Linear, which has no settings. */
export function checkLinear(b: Builder, name: string): void {
  // torch.nn.MultiheadAttention has its first Linear's parameters and no module for it.
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

/** The Linear that makes the logits. */
export const classifier = (b: Builder, name: string, x: Node, classes: number): Node =>
  linear(b, name, x, classes, { bias: "optional" });

/** torch.nn.Sequential of [name, module] pairs. */
export function sequential(
  b: Builder,
  name: string,
  x: Node,
  parts: readonly (readonly [name: string, part: (b: Builder, name: string, x: Node) => Node])[],
): Node {
  return b.scope(name, "Sequential", () => parts.reduce((y, [part, make]) => make(b, part, y), x));
}
