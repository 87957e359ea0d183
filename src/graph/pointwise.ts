/**
 * @file Pointwise ops, one entry each: number of inputs, WGSL expression, derivative. These expressions are the only WGSL
 * outside shaders/: a chain of pointwise ops becomes one generated kernel, or rides on another kernel's store.
 */

import type { Builder } from "./ops/op-def.js";
import type { Node, PointwiseOp } from "./types.js";

export interface PointwiseDef {
  readonly arity: 1 | 2 | 3;
  /** The value's expression; `T` is f32 or vec4f, the arguments are expressions of that type. */
  readonly wgsl: (T: string, ...args: string[]) => string;
  /** Functions of shaders/common that the expression calls. */
  readonly uses?: "erf";
  /** Gradients of the inputs, before broadcasting is undone; `y` is the op's own value, `g` its gradient. */
  readonly vjp: (b: Builder, g: Node, y: Node, ...inputs: Node[]) => (Node | null)[];
}

const compare =
  (operator: string) =>
  (T: string, a: string, b: string): string =>
    `select(${T}(0.0), ${T}(1.0), ${a} ${operator} ${b})`;

/** For min and max: 1 where the first input is the result, 0 where the second, 1/2 for ties (as PyTorch). */
const taken = (b: Builder, difference: Node): Node => b.mul(b.add(b.sign(difference), 1), 0.5);

export const POINTWISE: { readonly [K in PointwiseOp]: PointwiseDef } = {
  neg: { arity: 1, wgsl: (_, a) => `-(${a})`, vjp: (b, g) => [b.neg(g)] },
  abs: { arity: 1, wgsl: (_, a) => `abs(${a})`, vjp: (b, g, _, x) => [b.mul(g, b.sign(x))] },
  sign: { arity: 1, wgsl: (_, a) => `sign(${a})`, vjp: () => [null] },
  exp: { arity: 1, wgsl: (_, a) => `exp(${a})`, vjp: (b, g, y) => [b.mul(g, y)] },
  log: { arity: 1, wgsl: (_, a) => `log(${a})`, vjp: (b, g, _, x) => [b.div(g, x)] },
  sqrt: { arity: 1, wgsl: (_, a) => `sqrt(${a})`, vjp: (b, g, y) => [b.div(b.mul(g, 0.5), y)] },
  rsqrt: {
    arity: 1,
    wgsl: (_, a) => `inverseSqrt(${a})`,
    vjp: (b, g, y) => [b.mul(b.mul(g, -0.5), b.mul(y, b.mul(y, y)))],
  },
  tanh: {
    arity: 1,
    // Beyond 15 the f32 result is 1; the clamp keeps exp() inside a driver's tanh finite.
    wgsl: (T, a) => `tanh(clamp(${a}, ${T}(-15.0), ${T}(15.0)))`,
    vjp: (b, g, y) => [b.mul(g, b.sub(1, b.mul(y, y)))],
  },
  sigmoid: {
    arity: 1,
    // exp() stays finite below 88.
    wgsl: (T, a) => `(${T}(1.0) / (${T}(1.0) + exp(min(-(${a}), ${T}(80.0)))))`,
    vjp: (b, g, y) => [b.mul(g, b.mul(y, b.sub(1, y)))],
  },
  erf: {
    arity: 1,
    wgsl: (T, a) => (T === "f32" ? `erf(vec4f(${a})).x` : `erf(${a})`),
    uses: "erf",
    // 2 / sqrt(pi) exp(-x^2)
    vjp: (b, g, _, x) => [b.mul(g, b.mul(b.exp(b.neg(b.mul(x, x))), 2 / Math.sqrt(Math.PI)))],
  },
  relu: { arity: 1, wgsl: (T, a) => `max(${a}, ${T}(0.0))`, vjp: (b, g, y) => [b.mul(g, b.step(y))] },
  /** 1 where positive, else 0. */
  step: { arity: 1, wgsl: (T, a) => `select(${T}(0.0), ${T}(1.0), ${a} > ${T}(0.0))`, vjp: () => [null] },

  add: { arity: 2, wgsl: (_, a, c) => `(${a} + ${c})`, vjp: (_, g) => [g, g] },
  sub: { arity: 2, wgsl: (_, a, c) => `(${a} - ${c})`, vjp: (b, g) => [g, b.neg(g)] },
  mul: { arity: 2, wgsl: (_, a, c) => `(${a} * ${c})`, vjp: (b, g, _, x, z) => [b.mul(g, z), b.mul(g, x)] },
  div: {
    arity: 2,
    wgsl: (_, a, c) => `(${a} / ${c})`,
    vjp: (b, g, y, _, z) => [b.div(g, z), b.neg(b.div(b.mul(g, y), z))],
  },
  min: {
    arity: 2,
    wgsl: (_, a, c) => `min(${a}, ${c})`,
    vjp: (b, g, _, x, z) => [b.mul(g, taken(b, b.sub(z, x))), b.mul(g, taken(b, b.sub(x, z)))],
  },
  max: {
    arity: 2,
    wgsl: (_, a, c) => `max(${a}, ${c})`,
    vjp: (b, g, _, x, z) => [b.mul(g, taken(b, b.sub(x, z))), b.mul(g, taken(b, b.sub(z, x)))],
  },
  greater: { arity: 2, wgsl: compare(">"), vjp: () => [null, null] },
  equal: { arity: 2, wgsl: compare("=="), vjp: () => [null, null] },
  /** select(c, a, b): a where c > 0, else b. */
  select: {
    arity: 3,
    wgsl: (T, c, a, other) => `select(${other}, ${a}, ${c} > ${T}(0.0))`,
    vjp: (b, g, _, c) => [null, b.select(c, g, 0), b.select(c, 0, g)],
  },
};

export const isPointwise = (op: string): op is PointwiseOp => op in POINTWISE;
