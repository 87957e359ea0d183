/** @file The ops table: every op's shape rule and vector-Jacobian product. */

import { broadcastShapes, ShapeError, shapeText, type Shape } from "./shape.js";
import { CONVOLUTION } from "./ops/convolution.js";
import { LAYOUT } from "./ops/layout.js";
import { MATMUL } from "./ops/matmul.js";
import { unbroadcast, type OpDef } from "./ops/op-def.js";
import { POOLING } from "./ops/pooling.js";
import { REDUCTION } from "./ops/reduction.js";
import { POINTWISE } from "./pointwise.js";
import type { Node, OpName, PointwiseOp } from "./types.js";
import { say } from "../language/say.js";

function pointwiseDef<K extends PointwiseOp>(op: K): OpDef<K> {
  const { arity, vjp } = POINTWISE[op];
  return {
    infer(inputs) {
      if (inputs.length !== arity)
        throw new ShapeError(say`${op} needs ${arity} inputs, got ${inputs.length}`);
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
    throw new ShapeError(say`a leaf has no shape rule (inputs ${inputs.map(shapeText).join(", ")})`);
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
