/** @file Repeats a part of a graph with one value replaced. */

import type { Builder } from "./builder.js";
import { reachable } from "./instantiate.js";
import { sameShape, ShapeError, shapeText } from "./shape.js";
import type { Node, NodeOf, OpName } from "./types.js";
import { say } from "../language/say.js";

/**
 * `output` with `to` in place of `from`. Appends to the same graph and shares the values that do not depend on `from`.
 * @param to of the same shape as `from`
 */
export function substitute(b: Builder, output: Node, from: Node, to: Node): Node {
  if (!sameShape(from.shape, to.shape)) {
    throw new ShapeError(say`substitute: ${shapeText(to.shape)} in the place of ${shapeText(from.shape)}`);
  }
  const now = new Map<Node, Node>([[from, to]]);
  const nowOf = (node: Node): Node => now.get(node) ?? node;
  for (const node of reachable([output], (n) => n === from)) {
    if (!node.inputs.some((x) => now.has(x))) continue;
    const { op, inputs, attrs } = node as NodeOf<OpName>;
    now.set(
      node,
      b.within(node.path, () => b.make(op, inputs.map(nowOf), attrs) as Node),
    );
  }
  return nowOf(output);
}
