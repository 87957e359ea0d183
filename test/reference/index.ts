/**
 * @file The reference: every op's meaning in f64 and plain TypeScript. Gradients are checked here against central
 * differences, kernels against this interpreter.
 */

import { reachable } from "../../src/graph/instantiate.js";
import { sameShape, shapeText } from "../../src/graph/shape.js";
import type { Node, OpName } from "../../src/graph/types.js";
import type { NdF64 } from "./array.js";
import { CONVOLUTION } from "./convolution.js";
import { LAYOUT } from "./layout.js";
import { LEAF } from "./leaf.js";
import { MATMUL } from "./matmul.js";
import { POINTWISE } from "./pointwise.js";
import { POOLING } from "./pooling.js";
import { REDUCTION } from "./reduction.js";
import type { Ref, Values } from "./ref.js";

export { nd, type NdF64 } from "./array.js";
export type { Ref, Values } from "./ref.js";

export const REF: { readonly [K in OpName]: Ref<K> } = {
  ...LEAF,
  ...POINTWISE,
  ...MATMUL,
  ...CONVOLUTION,
  ...POOLING,
  ...REDUCTION,
  ...LAYOUT,
};

/** The values of `outputs`, each node of the graph computed once. Fails where a value's shape is not its node's. */
export function evaluate(outputs: readonly Node[], values: Values): NdF64[] {
  const known = new Map<Node, NdF64>();
  for (const node of reachable(outputs)) {
    const compute = REF[node.op] as Ref<OpName>;
    const value = compute(
      node,
      node.inputs.map((x) => known.get(x)!),
      values,
    );
    if (!sameShape(value.shape, node.shape)) {
      throw new Error(
        `${node.op}: computed ${shapeText(value.shape)}, the graph says ${shapeText(node.shape)}`,
      );
    }
    known.set(node, value);
  }
  return outputs.map((node) => known.get(node)!);
}
