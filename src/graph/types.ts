/** @file The graph's vocabulary: every op's name and attributes, and the node. */

import type { Shape } from "./shape.js";
import type { SparseMap } from "./sparse-map.js";

export type Pair = readonly [number, number];

/**
 * A convolution over [B, H, W, C] with weights in PyTorch's layout [O, C / groups, kh, kw], general enough to be its own
 * gradient: `inputDilation` puts (d - 1) zeros between the input's pixels, padding has two sides and may be negative.
 */
export interface ConvAttrs {
  readonly stride: Pair;
  /** [[top, bottom], [left, right]] */
  readonly padding: readonly [Pair, Pair];
  readonly dilation: Pair;
  readonly inputDilation: Pair;
  readonly groups: number;
}

/** Windows of a max pooling. Pixels outside the picture are never chosen. */
export interface WindowAttrs {
  readonly kernel: Pair;
  readonly stride: Pair;
  /** [top, left] */
  readonly padding: Pair;
  readonly dilation: Pair;
  /** Output [height, width], after floor or ceil mode. */
  readonly out: Pair;
}

type None = Readonly<Record<never, never>>;

type UnaryOp =
  "neg" | "abs" | "sign" | "exp" | "log" | "sqrt" | "rsqrt" | "tanh" | "sigmoid" | "erf" | "relu" | "step";
type BinaryOp = "add" | "sub" | "mul" | "div" | "min" | "max" | "greater" | "equal";

/** Ops that work element by element, inputs broadcast as NumPy does. Their rules are in pointwise.ts. */
export type PointwiseOp = UnaryOp | BinaryOp | "select";

/** Ops that are not pointwise, with their attributes. Their rules are in ops.ts. */
export interface StructuralAttrs {
  /** A run-time input. */
  input: { readonly name: string };
  /** A tensor of the checkpoint, in its layout. */
  param: { readonly key: string };
  /** A number for every element, or the elements themselves. */
  constant: { readonly data: number | Float32Array };
  /** a [..., m, k] times b [..., k, n]; a flag says that the operand's last two axes come swapped. */
  matmul: { readonly transposeA: boolean; readonly transposeB: boolean };
  conv2d: ConvAttrs;
  /** Inputs x, v: for each window the element of v where x is largest (the first one). maxPick(x, x) is max pooling. */
  maxPick: WindowAttrs;
  /** Inputs x, g: adds each window's g where x is largest: the transpose of maxPick in v. */
  maxPut: WindowAttrs;
  /** A constant sparse linear map along one axis: average pooling, resizing, gather, flip and their transposes. */
  resample: { readonly axis: number; readonly map: SparseMap };
  /** Sum over axes, which stay as size 1. */
  reduceSum: { readonly axes: readonly number[] };
  reduceMax: { readonly axes: readonly number[] };
  /** Over the last axis. */
  softmax: None;
  /** (x - mean) / sqrt(variance + eps) over the last axis; weight and bias are pointwise ops after it. */
  normalize: { readonly eps: number };
  /** Inputs q [..., n, d], k [..., m, d], v [..., m, e], maybe bias [..., n, m]: softmax(scale q k^T + bias) v. */
  attention: { readonly scale: number };
  /** Sizes; one may be -1, which follows from the others, so that the same attributes serve every batch. */
  reshape: { readonly shape: Shape };
  transpose: { readonly perm: readonly number[] };
  /** Elements start..end-1 of one axis. */
  slice: { readonly axis: number; readonly start: number; readonly end: number };
  /** Zeros before and after one axis. */
  pad: { readonly axis: number; readonly low: number; readonly high: number };
  concat: { readonly axis: number };
  /** Repeats axes of size 1; -1 for axis 0 keeps the input's, or makes it the graph's batch where `toBatch`. */
  broadcast: { readonly shape: Shape; readonly toBatch: boolean };
}

export type Attrs = { [K in PointwiseOp]: None } & StructuralAttrs;
export type OpName = keyof Attrs;

export interface NodeOf<K extends OpName> {
  /** Place in the graph: inputs have smaller ids. */
  readonly id: number;
  readonly op: K;
  readonly inputs: readonly Node[];
  readonly attrs: Attrs[K];
  readonly shape: Shape;
  /** The module in which it was made, as in `features.denseblock1.denselayer2.conv1`; for errors and profiles. */
  readonly path: string;
}

/** One value of a graph and how it is computed. */
export type Node = { [K in OpName]: NodeOf<K> }[OpName];
