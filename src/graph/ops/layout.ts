/** @file Ops that only move elements: views, and stores in place. None computes. */

import { ShapeError, shapeText, sizeOf } from "../shape.js";
import type { OpDef } from "./op-def.js";
import { say } from "../../language/say.js";

const reshape: OpDef<"reshape"> = {
  isView: true,
  infer([x], { shape }) {
    const known = shape.reduce((product, d) => (d === -1 ? product : product * d), 1);
    const result = shape.map((d) => (d === -1 ? sizeOf(x!) / known : d));
    // A -1 that does not come out even would be a fraction whose product fits.
    if (sizeOf(result) !== sizeOf(x!) || !result.every(Number.isInteger))
      throw new ShapeError(say`reshape of ${shapeText(x!)} to ${shapeText(shape)}`);
    return result;
  },
  vjp: (b, { inputs: [x] }, g) => [b.reshape(g, x!.shape)],
};

const transpose: OpDef<"transpose"> = {
  isView: true,
  infer: ([x], { perm }) => perm.map((axis) => x![axis]!),
  vjp(b, { attrs: { perm } }, g) {
    const inverse = perm.map((_, i) => perm.indexOf(i));
    return [b.transpose(g, inverse)];
  },
};

const slice: OpDef<"slice"> = {
  isView: true,
  infer([x], { axis, start, end }) {
    if (start < 0 || end <= start || end > x![axis]!) {
      throw new ShapeError(say`slice ${start}..${end} of axis ${axis} of ${shapeText(x!)}`);
    }
    return x!.map((d, i) => (i === axis ? end - start : d));
  },
  vjp: (b, { inputs: [x], attrs: { axis, start, end } }, g) => [b.pad(g, axis, start, x!.shape[axis]! - end)],
};

const pad: OpDef<"pad"> = {
  infer: ([x], { axis, low, high }) => x!.map((d, i) => (i === axis ? low + d + high : d)),
  vjp: (b, { inputs: [x], attrs: { axis, low } }, g) => [b.slice(g, axis, low, low + x!.shape[axis]!)],
};

const concat: OpDef<"concat"> = {
  infer(inputs, { axis }) {
    const first = inputs[0]!;
    for (const shape of inputs) {
      if (shape.length !== first.length || shape.some((d, i) => i !== axis && d !== first[i])) {
        throw new ShapeError(say`concat along axis ${axis} of ${inputs.map(shapeText).join(", ")}`);
      }
    }
    return first.map((d, i) => (i === axis ? inputs.reduce((sum, s) => sum + s[axis]!, 0) : d));
  },
  vjp(b, { inputs, attrs: { axis } }, g) {
    let start = 0;
    return inputs.map((x) => {
      const end = start + x.shape[axis]!;
      const part = b.slice(g, axis, start, end);
      start = end;
      return part;
    });
  },
};

const broadcast: OpDef<"broadcast"> = {
  isView: true,
  infer([x], { shape, toBatch }, batch) {
    const result = shape.map((d, i) => (i === 0 && toBatch ? batch : d === -1 ? x![i]! : d));
    if (x!.length !== result.length || x!.some((d, i) => d !== 1 && d !== result[i])) {
      throw new ShapeError(say`broadcast of ${shapeText(x!)} to ${shapeText(result)}`);
    }
    return result;
  },
  vjp: (b, { inputs: [x] }, g) => [
    b.sum(
      g,
      x!.shape.map((_, i) => i).filter((i) => x!.shape[i] === 1 && g.shape[i] !== 1),
    ),
  ],
};

export const LAYOUT = { reshape, transpose, slice, pad, concat, broadcast };
