/** @file Sums, maxima and what is built of them over the last axis. */

import type { Shape } from "../shape.js";
import type { OpDef } from "./op-def.js";

const collapsed = (shape: Shape, axes: readonly number[]): number[] =>
  shape.map((d, i) => (axes.includes(i) ? 1 : d));

const reduceSum: OpDef<"reduceSum"> = {
  infer: ([x], { axes }) => collapsed(x!, axes),
  vjp: (b, { inputs: [x] }, g) => [b.broadcast(g, x!.shape)],
};

const reduceMax: OpDef<"reduceMax"> = {
  infer: ([x], { axes }) => collapsed(x!, axes),
  vjp(b, node, g) {
    // torch.amax: ties share the gradient evenly.
    const chosen = b.equal(node.inputs[0]!, node);
    return [b.mul(chosen, b.div(g, b.sum(chosen, node.attrs.axes)))];
  },
};

const softmax: OpDef<"softmax"> = {
  infer: ([x]) => x!,
  vjp: (b, y, g) => [b.mul(y, b.sub(g, b.sum(b.mul(g, y), [-1])))],
};

const normalize: OpDef<"normalize"> = {
  infer: ([x]) => x!,
  vjp(b, y, g) {
    const x = y.inputs[0]!;
    const centered = b.sub(x, b.mean(x, [-1]));
    const rstd = b.rsqrt(b.add(b.mean(b.mul(centered, centered), [-1]), y.attrs.eps));
    const projection = b.mul(y, b.mean(b.mul(g, y), [-1]));
    return [b.mul(rstd, b.sub(b.sub(g, b.mean(g, [-1])), projection))];
  },
};

export const REDUCTION = { reduceSum, reduceMax, softmax, normalize };
