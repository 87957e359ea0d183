/** @file Linear maps along an axis, and max pooling as a pair of ops that are each other's transposes. */

import type { OpDef } from "../ops.js";
import { ShapeError, shapeText } from "../shape.js";
import { transposed } from "../sparse-map.js";

const resample: OpDef<"resample"> = {
  infer([x], { axis, map }) {
    if (x![axis] !== map.inSize) {
      throw new ShapeError(`resample of axis ${axis} of ${shapeText(x!)} by a map of ${map.inSize}`);
    }
    return x!.map((d, i) => (i === axis ? map.outSize : d));
  },
  vjp: (b, { attrs: { axis, map } }, g) => [b.resample(g, axis, transposed(map))],
};

const maxPick: OpDef<"maxPick"> = {
  infer: ([x], { out }) => [x![0]!, out[0], out[1], x![3]!],
  vjp: (b, { inputs: [x], attrs }, g) => [null, b.maxPut(x!, g, attrs)],
};

const maxPut: OpDef<"maxPut"> = {
  infer: ([x]) => x!,
  vjp: (b, { inputs: [x], attrs }, g) => [null, b.maxPick(x!, g, attrs)],
};

export const POOLING = { resample, maxPick, maxPut };
