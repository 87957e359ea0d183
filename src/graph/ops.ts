/** @file The ops table: every op's shape rule and vector-Jacobian product. Their f64 meaning is test/reference/, their kernels src/kernels/. */

import { broadcastShapes, ShapeError, shapeText, type Shape } from "./shape.js";
import type { Builder } from "./builder.js";
import { CONVOLUTION } from "./ops/convolution.js";
import { LAYOUT } from "./ops/layout.js";
import { MATMUL } from "./ops/matmul.js";
import { POOLING } from "./ops/pooling.js";
import { REDUCTION } from "./ops/reduction.js";
import { POINTWISE } from "./pointwise.js";
import type { Attrs, Node, NodeOf, OpName, PointwiseOp } from "./types.js";

/** The gradient of each input (null: none), given the node and the gradient of its value. Built of ops that have VJPs. */
export type Vjp<K extends OpName> = (b: Builder, node: NodeOf<K>, g: Node) => (Node | null)[];

export interface OpDef<K extends OpName> {
  /** The shape of the value, or a ShapeError. `batch` is the graph's. */
  readonly infer: (inputs: readonly Shape[], attrs: Attrs[K], batch: number) => Shape;
  readonly vjp: Vjp<K>;
}

/** Sums a gradient over the axes along which an input was broadcast. */
export function unbroadcast(b: Builder, g: Node, shape: Shape): Node {
  const extra = g.shape.length - shape.length;
  const axes = g.shape
    .map((_, i) => i)
    .filter((i) => i < extra || (shape[i - extra] === 1 && g.shape[i] !== 1));
  if (axes.length === 0) return g;
  const summed = b.sum(g, axes);
  return extra === 0 ? summed : b.reshape(summed, shape);
}

function pointwiseDef<K extends PointwiseOp>(op: K): OpDef<K> {
  const { arity, vjp } = POINTWISE[op];
  return {
    infer(inputs) {
      if (inputs.length !== arity) throw new ShapeError(`${op} takes ${arity} inputs, got ${inputs.length}`);
      return broadcastShapes(...inputs);
    },
    vjp(b, node, g) {
      const gradients = vjp(b, g, node as Node, ...node.inputs);
      return gradients.map((d, i) => d && unbroadcast(b, d, node.inputs[i]!.shape));
    },
  };
}

const pointwiseDefs = Object.fromEntries(
  (Object.keys(POINTWISE) as PointwiseOp[]).map((op) => [op, pointwiseDef(op)]),
) as { [K in PointwiseOp]: OpDef<K> };

/** Leaves take their shape from the builder. */
const leaf = {
  infer(inputs: readonly Shape[]): Shape {
    throw new ShapeError(`a leaf has no shape rule (inputs ${inputs.map(shapeText).join(", ")})`);
  },
  vjp: (): null[] => [],
};

export const OPS: { readonly [K in OpName]: OpDef<K> } = {
  input: leaf,
  param: leaf,
  constant: leaf,
  ...pointwiseDefs,
  ...MATMUL,
  ...CONVOLUTION,
  ...POOLING,
  ...REDUCTION,
  ...LAYOUT,
};
