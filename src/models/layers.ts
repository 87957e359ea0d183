/**
 * @file The modules that model families share, as torch.nn has them. Each opens a scope of its name, so that it is a tap
 * and its parameters have PyTorch's keys.
 */

import type { Builder } from "../graph/builder.js";
import { adaptiveAverageMap, averageMap, pooledSize } from "../graph/sparse-map.js";
import type { Node, Pair } from "../graph/types.js";

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
}

/** torch.nn.Conv2d on [B, H, W, C]. */
export function conv2d(b: Builder, name: string, x: Node, o: Conv2dOptions): Node {
  const kernel = pair(o.kernel);
  const padding = pair(o.padding ?? 0);
  const groups = o.groups ?? 1;
  return b.scope(name, "Conv2d", () => {
    const y = b.conv2d(x, b.param("weight", [o.out, x.shape[3]! / groups, ...kernel]), {
      stride: pair(o.stride ?? 1),
      padding: [
        [padding[0], padding[0]],
        [padding[1], padding[1]],
      ],
      dilation: pair(o.dilation ?? 1),
      groups,
    });
    const hasBias = o.bias !== "never" && ((o.bias ?? true) || b.fileHas("bias"));
    return hasBias ? b.add(y, b.param("bias", [o.out])) : y;
  });
}

/**
 * torch.nn.BatchNorm2d in evaluation mode, as x * scale + shift with both made of parameters alone, so that they can be
 * prepared once and folded into a neighbour.
 */
export const batchNorm = (b: Builder, name: string, x: Node): Node =>
  b.scope(name, "BatchNorm2d", () => normalizeBatch(b, x));

/** timm's BatchNormAct2d: the ReLU belongs to the module. */
export const batchNormAct = (b: Builder, name: string, x: Node): Node =>
  b.scope(name, "BatchNormAct2d", () => relu(b, "act", identity(b, "drop", normalizeBatch(b, x))));

function normalizeBatch(b: Builder, x: Node): Node {
  const channels = [x.shape.at(-1)!];
  const scale = b.mul(b.param("weight", channels), b.rsqrt(b.add(b.param("running_var", channels), 1e-5)));
  const shift = b.sub(b.param("bias", channels), b.mul(b.param("running_mean", channels), scale));
  return b.add(b.mul(x, scale), shift);
}

/** torch.nn.LayerNorm over the last axis. */
export function layerNorm(b: Builder, name: string, x: Node, eps: number): Node {
  const channels = [x.shape.at(-1)!];
  return b.scope(name, "LayerNorm", () =>
    b.add(b.mul(b.normalize(x, eps), b.param("weight", channels)), b.param("bias", channels)),
  );
}

export interface LinearOptions {
  /** Default true, as PyTorch's. "optional": as the file has it. */
  readonly bias?: boolean | "optional";
}

/** torch.nn.Linear on the last axis: x W^T + bias, W [out, in]. */
export function linear(b: Builder, name: string, x: Node, out: number, o: LinearOptions = {}): Node {
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

export const relu = (b: Builder, name: string, x: Node): Node => b.scope(name, "ReLU", () => b.relu(x));
export const gelu = (b: Builder, name: string, x: Node): Node => b.scope(name, "GELU", () => b.gelu(x));

/** A module that does nothing outside training, or nothing at all. */
export const identity = (
  b: Builder,
  name: string,
  x: Node,
  kind: "Identity" | "Dropout" | "DropPath" = "Identity",
): Node => b.scope(name, kind, () => x);

export interface PoolOptions {
  readonly kernel: number;
  readonly stride: number;
  readonly padding?: number;
  readonly ceil?: boolean;
}

/** torch.nn.MaxPool2d on [B, H, W, C]. */
export function maxPool2d(b: Builder, name: string, x: Node, o: PoolOptions): Node {
  const window = { padding: 0, ...o };
  const out: Pair = [pooledSize(x.shape[1]!, window), pooledSize(x.shape[2]!, window)];
  return b.scope(name, "MaxPool2d", () =>
    b.maxPick(x, x, {
      kernel: pair(o.kernel),
      stride: pair(o.stride),
      padding: pair(window.padding),
      dilation: [1, 1],
      out,
    }),
  );
}

/** torch.nn.AvgPool2d on [B, H, W, C], as one average along each axis. */
export function avgPool2d(b: Builder, name: string, x: Node, o: PoolOptions): Node {
  const window = { padding: 0, ...o };
  return b.scope(name, "AvgPool2d", () => {
    const rows = b.resample(x, 1, averageMap(x.shape[1]!, window));
    return b.resample(rows, 2, averageMap(x.shape[2]!, window));
  });
}

/** torch.nn.functional.adaptive_avg_pool2d of [B, H, W, C] to [B, height, width, C]. */
export function adaptiveAveragePool(b: Builder, x: Node, size: Pair): Node {
  if (size[0] === 1 && size[1] === 1) return b.mean(x, [1, 2]);
  return size.reduce((y, to, i) => {
    const from = y.shape[1 + i]!;
    return from === to ? y : b.resample(y, 1 + i, adaptiveAverageMap(from, to));
  }, x);
}

export const adaptiveAvgPool2d = (b: Builder, name: string, x: Node, size: Size): Node =>
  b.scope(name, "AdaptiveAvgPool2d", () => adaptiveAveragePool(b, x, pair(size)));

/** [B, 1, 1, C] -> [B, C] */
export const flatten = (b: Builder, x: Node): Node =>
  b.reshape(x, [b.batch, x.shape.slice(1).reduce((p, d) => p * d)]);

/** timm's SelectAdaptivePool2d("avg"): [B, H, W, C] -> [B, C] */
export const selectAdaptivePool = (b: Builder, name: string, x: Node): Node =>
  b.scope(name, "SelectAdaptivePool2d", () => {
    const pooled = adaptiveAvgPool2d(b, "pool", x, 1);
    return b.scope("flatten", "Flatten", () => flatten(b, pooled));
  });

/** torch.nn.Sequential of [name, module] pairs. */
export function sequential(
  b: Builder,
  name: string,
  x: Node,
  parts: readonly (readonly [name: string, part: (b: Builder, name: string, x: Node) => Node])[],
): Node {
  return b.scope(name, "Sequential", () => parts.reduce((y, [part, make]) => make(b, part, y), x));
}
