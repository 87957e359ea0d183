/** @file A part of a graph once more, with another value in the place of one. */

import type { Builder } from "./builder.js";
import { reachable } from "./instantiate.js";
import { sameShape, ShapeError, shapeText } from "./shape.js";
import type { Node, NodeOf, OpName } from "./types.js";

/**
 * What `output` would be if `from`, on which it depends, were `to`. Appended to the same graph; what does not depend on
 * `from` is shared.
 * @param to of the same shape as `from`
 */
export function substitute(b: Builder, output: Node, from: Node, to: Node): Node {
  if (!sameShape(from.shape, to.shape)) {
    throw new ShapeError(`substitute: ${shapeText(to.shape)} in the place of ${shapeText(from.shape)}`);
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
