/** @file Pointwise ops as functions of numbers. */

import type { PointwiseOp } from "../../src/graph/types.js";
import { broadcastShapes } from "../../src/graph/shape.js";
import { broadcastStrides, eachRow, nd } from "./array.js";
import { erf } from "./erf.js";
import type { Ref } from "./ref.js";

const FUNCTIONS: { readonly [K in PointwiseOp]: (a: number, b: number, c: number) => number } = {
  neg: (a) => -a,
  abs: Math.abs,
  sign: Math.sign,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  rsqrt: (a) => 1 / Math.sqrt(a),
  tanh: Math.tanh,
  sigmoid: (a) => 1 / (1 + Math.exp(-a)),
  erf,
  relu: (a) => Math.max(a, 0),
  step: (a) => (a > 0 ? 1 : 0),
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  min: (a, b) => Math.min(a, b),
  max: (a, b) => Math.max(a, b),
  greater: (a, b) => (a > b ? 1 : 0),
  equal: (a, b) => (a === b ? 1 : 0),
  select: (c, a, b) => (c > 0 ? a : b),
};

function pointwise(f: (a: number, b: number, c: number) => number): Ref<PointwiseOp> {
  return (_, inputs) => {
    const y = nd(broadcastShapes(...inputs.map((x) => x.shape)));
    const strides = inputs.map((x) => broadcastStrides(x.shape, y.shape));
    const width = y.shape.at(-1) ?? 1;
    const [a, b = a!, c = a!] = inputs.map((x) => x.data);
    const [da, db = 0, dc = 0] = strides.map((s) => s.at(-1) ?? 0);
    const target = y.data;
    let row = 0;
    eachRow(y.shape, strides, ([atA, atB = 0, atC = 0]) => {
      const to = row;
      for (let i = 0; i < width; i++) {
        target[to + i] = f(a![atA! + i * da!]!, b[atB + i * db]!, c[atC + i * dc]!);
      }
      row += width;
    });
    return y;
  };
}

export const POINTWISE = Object.fromEntries(
  Object.entries(FUNCTIONS).map(([op, f]) => [op, pointwise(f)]),
) as { [K in PointwiseOp]: Ref<K> };
