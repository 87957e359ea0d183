/** @file The first positions of a value along one axis, computed without the others where ops keep positions apart. */

import type { Builder } from "./builder.js";
import { isPointwise } from "./pointwise.js";
import type { Node, NodeOf, OpName } from "./types.js";

/**
 * Elements 0..count-1 of one axis of `node`, appended to the same graph. Goes back through ops that treat each position by
 * itself (products with a matrix of weights, norms, pointwise ops, changes of layout); what lies before them is sliced.
 * @param stops values that are sliced as they are
 */
export function firstRows(
  b: Builder,
  node: Node,
  axis: number,
  count: number,
  stops: ReadonlySet<Node> = new Set(),
): Node {
  const known = new Map<string, Node>();
  const rowsOf = (value: Node, at: number): Node => {
    const key = `${value.id} ${at}`;
    const found =
      known.get(key) ?? (stops.has(value) ? undefined : through(value, at)) ?? b.slice(value, at, 0, count);
    known.set(key, found);
    return found;
  };
  /** Undefined where the op mixes positions. */
  const through = (value: Node, at: number): Node | undefined => {
    const { op, inputs, attrs, shape } = value as NodeOf<OpName>;
    const first = inputs[0]!;
    const again = (...now: Node[]): Node => b.within(value.path, () => b.make(op, now, attrs) as Node);
    if (isPointwise(op)) {
      return again(
        ...inputs.map((x) => {
          const own = at - (shape.length - x.shape.length);
          return own >= 0 && x.shape[own] === shape[at] ? rowsOf(x, own) : x;
        }),
      );
    }
    switch (value.op) {
      case "normalize":
        return at === shape.length - 1 ? undefined : again(rowsOf(first, at));
      case "matmul":
        return at < shape.length - 1 && inputs[1]!.shape.length === 2 && !value.attrs.transposeA
          ? again(rowsOf(first, at), inputs[1]!)
          : undefined;
      case "transpose":
        return again(rowsOf(first, value.attrs.perm[at]!));
      case "reshape":
        // Only axes behind the one that is cut.
        return shape.slice(0, at + 1).every((size, i) => size === first.shape[i])
          ? b.reshape(rowsOf(first, at), [...shape.slice(0, at), count, ...shape.slice(at + 1)])
          : undefined;
      default:
        return undefined;
    }
  };
  return through(node, axis) ?? b.slice(node, axis, 0, count);
}
