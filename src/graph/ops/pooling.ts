/** @file Linear maps along an axis, and max pooling as a pair of ops that are each other's transposes. */

import { sameShape, ShapeError, shapeText, type Shape } from "../shape.js";
import { transposed } from "../sparse-map.js";
import type { WindowAttrs } from "../types.js";
import type { OpDef } from "./op-def.js";
import { say } from "../../language/say.js";

const resample: OpDef<"resample"> = {
  infer([x], { axis, map }) {
    if (x![axis] !== map.inSize) {
      throw new ShapeError(say`resample of axis ${axis} of ${shapeText(x!)} by a map of ${map.inSize}`);
    }
    return x!.map((d, i) => (i === axis ? map.outSize : d));
  },
  vjp: (b, { attrs: { axis, map } }, g) => [b.resample(g, axis, transposed(map))],
};

/**
 * Checks the size of the second operand: x's own, or one pixel per window. x may have batch 1: a saved picture shared by
 * several gradients.
 */
function paired(op: string, x: Shape, other: Shape, [height, width]: WindowAttrs["out"]): void {
  const [n, , , c] = x as [number, number, number, number];
  if (x.length === 4 && sameShape(other, [n === 1 ? other[0]! : n, height, width, c])) return;
  throw new ShapeError(
    say`${op} of ${shapeText(x)} and ${shapeText(other)}: the latter should be ${height}x${width}`,
  );
}

const maxPick: OpDef<"maxPick"> = {
  infer([x, v], { out }) {
    paired("maxPick", x!, v!, [x![1]!, x![2]!]);
    return [v![0]!, out[0], out[1], x![3]!];
  },
  vjp: (b, { inputs: [x], attrs }, g) => [null, b.maxPut(x!, g, attrs)],
};

const maxPut: OpDef<"maxPut"> = {
  infer([x, g], { out }) {
    paired("maxPut", x!, g!, out);
    return [g![0]!, ...x!.slice(1)];
  },
  vjp: (b, { inputs: [x], attrs }, g) => [null, b.maxPick(x!, g, attrs)],
};

export const POOLING = { resample, maxPick, maxPut };
