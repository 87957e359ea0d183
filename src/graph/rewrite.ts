/**
 * @file Rewrites that make a graph cheaper without changing its values, for `instantiate`, after `grad`. Batch norms fold
 * into the convolutions around them. 1x1 convolutions run where there are fewer positions. Equal rows are multiplied
 * once. Zeros that only a convolution reads become its padding. Strides are regrouped (rewrite-strides.ts), large weights
 * are read in parts (rewrite-parts.ts). Attention becomes ops that have kernels.
 */

import type { Builder } from "./builder.js";
import { reachable, type InstantiateOptions } from "./instantiate.js";
import { isPointwiseConv } from "./ops/convolution.js";
import { convolveInParts, multiplyInParts } from "./rewrite-parts.js";
import { regroupStrides } from "./rewrite-strides.js";
import { sizeOf } from "./shape.js";
import type { Node, NodeOf, OpName } from "./types.js";

type Rewrite = NonNullable<InstantiateOptions["rewrite"]>;

/** @param isPrivate whether a node of the old graph has one user, and is no output */
type Fold<K extends OpName> = (
  node: NodeOf<K>,
  inputs: readonly Node[],
  b: Builder,
  isPrivate: (node: Node) => boolean,
) => Node | undefined;

export interface OptimizeOptions {
  /** Values that are inputs of the instance: their own inputs are not visited. */
  readonly stop?: (node: Node) => boolean;
  /** Elements that a kernel can bind at once: larger weights are read in parts. */
  readonly maxElements?: number;
}

/** @param outputs of the instance: these values stay as they are */
export function optimize(outputs: readonly Node[], options: OptimizeOptions = {}): Rewrite {
  const { maxElements = Infinity } = options;
  const pinned = new Set(outputs);
  const uses = new Map<Node, number>();
  for (const node of reachable(outputs, options.stop)) {
    for (const x of node.inputs) uses.set(x, (uses.get(x) ?? 0) + 1);
  }
  const isPrivate = (node: Node): boolean => uses.get(node) === 1 && !pinned.has(node);
  return (node, inputs, b) => {
    switch (node.op) {
      case "mul":
        return foldScaleAfter(node, inputs, b, isPrivate);
      case "conv2d":
        return (
          convolveInParts(node, inputs, b, maxElements) ??
          padInside(node, inputs, b, isPrivate) ??
          mixBeforeGrowing(node, inputs, b, isPrivate) ??
          foldedConvolution(node, inputs, b, isPrivate)
        );
      case "resample":
        return shrinkBeforeMixing(node, inputs, b, isPrivate);
      case "matmul":
        return multiplyOnce(node, inputs, b) ?? multiplyInParts(node, inputs, b, maxElements);
      case "attention":
        return spellOut(node, inputs, b);
      default:
        return undefined;
    }
  };
}

/** conv(x, w) * s = conv(x, w * s): a batch norm's scale per output channel. */
const foldScaleAfter: Fold<"mul"> = (node, inputs, b, isPrivate) => {
  const at = node.inputs.findIndex((x) => x.op === "conv2d" && isPrivate(x));
  if (at < 0) return undefined;
  const conv = inputs[at]!;
  const scale = inputs[1 - at]!;
  const channels = node.shape.at(-1)!;
  if (conv.op !== "conv2d" || !isParametric(scale) || !isChannelVector(scale, channels)) return undefined;
  const [x, w] = conv.inputs as [Node, Node];
  return b.conv2d(x, b.mul(w, b.reshape(scale, [channels, 1, 1, 1])), conv.attrs);
};

/** Zeros that only a convolution reads are its own padding: two modules in efficientnet_pytorch. */
const padInside: Fold<"conv2d"> = (node, [x, w], b, isPrivate) => {
  const { padding, inputDilation } = node.attrs;
  let inner = x!;
  let old = node.inputs[0]!;
  const sides = padding.map((side): [number, number] => [side[0], side[1]]);
  while (inner.op === "pad" && isPositionAxis(inner.attrs.axis) && isPrivate(old)) {
    const { axis, low, high } = inner.attrs;
    sides[axis - 1]![0] += low;
    sides[axis - 1]![1] += high;
    [inner, old] = [inner.inputs[0]!, old.inputs[0]!];
  }
  if (inner === x || inputDilation.some((by) => by !== 1)) return undefined;
  const attrs = { ...node.attrs, padding: [sides[0]!, sides[1]!] as const };
  return (isParametric(w!) ? regroupStrides(b, inner, w!, attrs) : undefined) ?? b.conv2d(inner, w!, attrs);
};

const foldedConvolution: Fold<"conv2d"> = (node, given, b, isPrivate) => {
  const folded = foldScaleBefore(node, given, b, isPrivate);
  const inputs = folded?.inputs ?? given;
  const [x, w] = inputs as [Node, Node];
  return (isParametric(w) ? regroupStrides(b, x, w, node.attrs) : undefined) ?? folded;
};

/** conv(x * s, w) = conv(x, w * s): the same scale in a reverse pass. */
const foldScaleBefore: Fold<"conv2d"> = (node, inputs, b, isPrivate) => {
  const [product, w] = inputs as [Node, Node];
  if (node.attrs.groups !== 1 || !isPrivate(node.inputs[0]!) || product.op !== "mul" || !isParametric(w)) {
    return undefined;
  }
  const channels = w.shape[1]!;
  const at = product.inputs.findIndex((x) => isParametric(x) && isChannelVector(x, channels));
  if (at < 0) return undefined;
  const x = product.inputs[1 - at]!;
  if (x.shape.length !== 4 || x.shape.at(-1) !== channels) return undefined;
  const scaled = b.mul(w, b.reshape(product.inputs[at]!, [1, channels, 1, 1]));
  return b.conv2d(x, scaled, node.attrs);
};

/**
 * A 1x1 convolution mixes channels and a resampling mixes positions, so either may come first. The convolution runs
 * where there are fewer positions. pool(conv(x)) = conv(pool(x)), as in a DenseNet's transitions.
 */
const shrinkBeforeMixing: Fold<"resample"> = (node, inputs, b, isPrivate) => {
  const { axis, map } = node.attrs;
  const conv = inputs[0]!;
  if (!isPositionAxis(axis) || map.outSize >= map.inSize || !isPrivate(node.inputs[0]!)) return undefined;
  if (conv.op !== "conv2d" || !isPointwiseConv(conv)) return undefined;
  const [x, w] = conv.inputs as [Node, Node];
  return b.conv2d(b.resample(x, axis, map), w, conv.attrs);
};

/** conv(spread(x)) = spread(conv(x)): the same in a reverse pass. */
const mixBeforeGrowing: Fold<"conv2d"> = (node, inputs, b, isPrivate) => {
  const [x, w] = inputs as [Node, Node];
  if (!isPointwiseConv(node) || !isPrivate(node.inputs[0]!) || !isGrowing(x)) return undefined;
  const mixed = (value: Node): Node =>
    isGrowing(value)
      ? b.resample(mixed(value.inputs[0]!), value.attrs.axis, value.attrs.map)
      : b.conv2d(value, w, node.attrs);
  return mixed(x);
};

const isGrowing = (node: Node): node is NodeOf<"resample"> =>
  node.op === "resample" && isPositionAxis(node.attrs.axis) && node.attrs.map.outSize > node.attrs.map.inSize;

const isPositionAxis = (axis: number): boolean => axis === 1 || axis === 2;

/** Multiplies one of rows that are all equal, as in the gradient of a mean: spread(x) w = spread(x w). */
function multiplyOnce(node: NodeOf<"matmul">, inputs: readonly Node[], b: Builder): Node | undefined {
  const [x, w] = inputs as [Node, Node];
  if (x.op !== "broadcast" || node.attrs.transposeA || w.shape.length !== 2) return undefined;
  const row = x.inputs[0]!;
  const isRow = row.shape.at(-2) === 1 && row.shape.at(-1) === x.shape.at(-1);
  if (!isRow || x.shape.at(-2) === 1) return undefined;
  const product = b.matmul(row, w, node.attrs);
  return b.broadcast(product, [...x.shape.slice(0, -1), product.shape.at(-1)!]);
}

function spellOut(node: NodeOf<"attention">, inputs: readonly Node[], b: Builder): Node {
  const [q, k, v, bias] = inputs as [Node, Node, Node, Node | undefined];
  return b.matmul(b.attentionProbabilities(q, k, bias, node.attrs.scale), v);
}

const isChannelVector = (node: Node, channels: number): boolean =>
  node.shape.at(-1) === channels && sizeOf(node.shape) === channels;

const parametric = new WeakMap<Node, boolean>();

/** Made of parameters and constants alone, and the same at every batch. */
export function isParametric(node: Node): boolean {
  let result = parametric.get(node);
  if (result === undefined) {
    result =
      node.op === "param" ||
      node.op === "constant" ||
      (node.op !== "input" && !isPerPicture(node) && node.inputs.every((x) => isParametric(x)));
    parametric.set(node, result);
  }
  return result;
}

/** Repeats something for every picture of the batch. */
const isPerPicture = (node: Node): boolean => node.op === "broadcast" && node.attrs.toBatch;
