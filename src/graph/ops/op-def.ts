/** @file What an op is to the graph: its shape rule and its gradient. */

import type { Builder } from "../builder.js";
import type { Shape } from "../shape.js";
import type { Attrs, Node, NodeOf, OpName } from "../types.js";

/**
 * A gradient is built by the builder that the table of ops serves. This type is the only way back: the op files import
 * it from here (docs/ARCHITECTURE.md).
 */
export type { Builder };

/** The gradient of each input (null: none), given the node and the gradient of its value. Built of ops that have VJPs. */
export type Vjp<K extends OpName> = (b: Builder, node: NodeOf<K>, g: Node) => (Node | null)[];

export interface OpDef<K extends OpName> {
  /** The shape of the value, or a ShapeError. `batch` is the graph's. */
  readonly infer: (inputs: readonly Shape[], attrs: Attrs[K], batch: number) => Shape;
  readonly vjp: Vjp<K>;
  /** The value is a view of its input: no kernel runs, and nothing is gained by saving it. */
  readonly isView?: true;
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
