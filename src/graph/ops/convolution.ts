/** @file conv2d: its gradients are convolutions again (of a flipped weight, or with the batch as channels). */

import { ShapeError, shapeText, type Shape } from "../shape.js";
import type { ConvAttrs, Node, NodeOf, Pair } from "../types.js";
import type { Builder, OpDef } from "./op-def.js";
import { say } from "../../language/say.js";

/** Size of an axis after zeros were put between its elements. */
const dilated = (size: number, dilation: number): number => (size - 1) * dilation + 1;

export const both = <T>(f: (axis: 0 | 1) => T): readonly [T, T] => [f(0), f(1)];

export const NO_PADDING: ConvAttrs["padding"] = both(() => [0, 0]);

/** Output [height, width] of a convolution of [B, H, W, C] with a weight [O, C / groups, kh, kw]. */
export const convOutput = (x: Shape, w: Shape, a: ConvAttrs): Pair =>
  both((axis) => {
    const span =
      dilated(x[1 + axis]!, a.inputDilation[axis]) +
      a.padding[axis][0] +
      a.padding[axis][1] -
      dilated(w[2 + axis]!, a.dilation[axis]);
    return span < 0 ? 0 : Math.floor(span / a.stride[axis]) + 1;
  });

/** A 1x1 convolution: a matrix product at every position. */
export const isPointwiseConv = ({ inputs, attrs }: NodeOf<"conv2d">): boolean =>
  attrs.groups === 1 &&
  [...inputs[1]!.shape.slice(2), ...attrs.stride, ...attrs.inputDilation].every((n) => n === 1) &&
  attrs.padding.flat().every((p) => p === 0);

/** [groups * a, b, kh, kw] -> [groups * b, a, kh, kw]: swaps a weight's input and output channels inside each group. */
function swapChannels(b: Builder, w: Node, groups: number): Node {
  const [o, i, kh, kw] = w.shape as [number, number, number, number];
  const grouped = b.reshape(w, [groups, o / groups, i, kh, kw]);
  return b.reshape(b.transpose(grouped, [0, 2, 1, 3, 4]), [groups * i, o / groups, kh, kw]);
}

function inputGradient(b: Builder, x: Node, w: Node, a: ConvAttrs, g: Node): Node {
  const kernel = both((i) => w.shape[2 + i]!);
  const padding = both((i): Pair => {
    const low = dilated(kernel[i], a.dilation[i]) - 1 - a.padding[i][0];
    const full = dilated(x.shape[1 + i]!, a.inputDilation[i]) + dilated(kernel[i], a.dilation[i]) - 1;
    return [low, full - dilated(g.shape[1 + i]!, a.stride[i]) - low];
  });
  const flipped = b.flip(b.flip(swapChannels(b, w, a.groups), 2), 3);
  return b.conv2d(g, flipped, {
    stride: a.inputDilation,
    padding,
    dilation: a.dilation,
    inputDilation: a.stride,
    groups: a.groups,
  });
}

function weightGradient(b: Builder, x: Node, w: Node, a: ConvAttrs, g: Node): Node {
  // dW[o, i] correlates channel i of x with channel o of g: a convolution whose channels are the batch, whose batch is
  // the input channels of a group, and whose kernel is g.
  const [, h, width, c] = x.shape as [number, number, number, number];
  const { groups } = a;
  const grouped = b.transpose(b.reshape(x, [-1, h, width, groups, c / groups]), [4, 1, 2, 3, 0]);
  const xs = b.reshape(grouped, [c / groups, h, width, -1]);
  const gs = b.transpose(g, [3, 0, 1, 2]); // [groups * o', n, oh, ow]
  const padding = both((i): Pair => {
    const need =
      (w.shape[2 + i]! - 1) * a.dilation[i] +
      dilated(g.shape[1 + i]!, a.stride[i]) -
      dilated(x.shape[1 + i]!, a.inputDilation[i]);
    return [a.padding[i][0], need - a.padding[i][0]];
  });
  const dw = b.conv2d(xs, gs, {
    stride: a.dilation,
    padding,
    dilation: a.stride,
    inputDilation: a.inputDilation,
    groups,
  }); // [c / groups, kh, kw, o]
  return b.transpose(dw, [3, 0, 1, 2]);
}

const conv2d: OpDef<"conv2d"> = {
  infer([x, w], a): Shape {
    const [n, h, width, c] = x!;
    const [o, i, kh, kw] = w!;
    if (x!.length !== 4 || w!.length !== 4 || c !== i! * a.groups || o! % a.groups !== 0) {
      throw new ShapeError(
        say`conv2d of [batch, height, width, channels] ${shapeText(x!)} with weight ${shapeText(w!)} in ${a.groups} groups`,
      );
    }
    const [oh, ow] = convOutput(x!, w!, a);
    if (oh < 1 || ow < 1) {
      throw new ShapeError(
        say`conv2d: a ${kh}x${kw} kernel does not fit on ${h}x${width} pixels; the picture is too small`,
      );
    }
    return [n!, oh, ow, o!];
  },
  vjp: (b, { inputs: [x, w], attrs }, g) => [
    inputGradient(b, x!, w!, attrs, g),
    weightGradient(b, x!, w!, attrs, g),
  ],
};

export const CONVOLUTION = { conv2d };
