/** @file Convolutions in groups: a kernel for those in which each channel is its own group, and one for all others. */

import { sizeOf } from "../graph/shape.js";
import type { Node, NodeOf } from "../graph/types.js";
import { epilogueCode, epilogueOperands, epilogueParams } from "./epilogue.js";
import { isDepthwise, type Cluster } from "./fuse.js";
import type { Lowering } from "./lowering.js";
import type { Params } from "./params.js";
import { hasVec4Rows, rowStride, type View } from "./view.js";
import { convWindow } from "./window.js";

/** Neighbours in a line that an invocation makes. */
const PIXELS = 4;
const isOne = (n: number): boolean => n === 1;

export const lowerGrouped = (ctx: Lowering, node: NodeOf<"conv2d">, cluster?: Cluster): View =>
  isDepthwise(node) ? lowerDepthwise(ctx, node, cluster) : lowerDirect(ctx, node);

/** The weight as [kernel height * kernel width * channels of a group, out]. */
function packedWeight(ctx: Lowering, node: NodeOf<"conv2d">): View {
  const w = node.inputs[1]!;
  const [out, groupIn, kh, kw] = w.shape as [number, number, number, number];
  const packed = ctx.b.reshape(ctx.b.transpose(w, [2, 3, 1, 0]), [kh * kw * groupIn, out]);
  return ctx.vec4Rows(ctx.value(packed), node.path);
}

/** @param unit elements that the kernel loads at once */
const operandParams = (view: View, row: number, unit: number): Params => ({
  offset: view.offset / unit,
  row: row / unit,
});

function lowerDepthwise(ctx: Lowering, node: NodeOf<"conv2d">, cluster: Cluster | undefined): View {
  const [xNode, wNode] = node.inputs as [Node, Node];
  const { stride } = node.attrs;
  const [out, , kh, kw] = wNode.shape as [number, number, number, number];
  const [batch, height, width] = node.shape as [number, number, number];
  const given = ctx.vec4Rows(ctx.value(xNode), node.path);
  const x = rowStride(given) === undefined ? ctx.copy(given, node.path) : given;
  const b = packedWeight(ctx, node);
  const extras = cluster ? epilogueOperands(ctx, node, cluster) : [];
  const accepts = (c: View): boolean => hasVec4Rows(c) && rowStride(c) !== undefined;
  const inputs = [x, b, ...extras.map((e) => e.view)];
  return ctx.produce(cluster?.root ?? node, inputs, accepts, (c) => {
    const tiles = Math.ceil(width / PIXELS);
    const count = batch * height * tiles * (out / 4);
    return {
      family: "depthwise",
      shader: "depthwise",
      spec: {
        constants: { PIXELS, KERNEL: kw, STRIDE: stride[1], LOADS: (PIXELS - 1) * stride[1] + kw },
        hooks: cluster
          ? { epilogue: epilogueCode({ core: node, cluster, extras }, batch * height * width) }
          : {},
      },
      output: c.slot,
      inputs: inputs.map((view) => view.slot),
      uniforms: {
        count,
        columns4: out / 4,
        tiles,
        a: operandParams(x, rowStride(x)!, 4),
        b: operandParams(b, b.strides.at(-2)!, 4),
        c: operandParams(c, rowStride(c)!, 4),
        window: convWindow(node),
        extra: epilogueParams(extras),
      },
      groups: Math.ceil(count / 64),
      flops: 2 * sizeOf(node.shape) * kh * kw,
    };
  });
}

/** By element; by vec4s where each channel is its own group. */
function lowerDirect(ctx: Lowering, node: NodeOf<"conv2d">): View {
  const [xNode, wNode] = node.inputs as [Node, Node];
  const { attrs } = node;
  const [out, groupIn, kh, kw] = wNode.shape as [number, number, number, number];
  const depthwise = groupIn === 1 && out === attrs.groups && out % 4 === 0;
  const given = depthwise ? ctx.vec4Rows(ctx.value(xNode), node.path) : ctx.value(xNode);
  const x = rowStride(given) === undefined || given.strides.at(-1) !== 1 ? ctx.copy(given, node.path) : given;
  const b = packedWeight(ctx, node);
  const accepts = (c: View): boolean =>
    rowStride(c) !== undefined && c.strides.at(-1) === 1 && (!depthwise || hasVec4Rows(c));
  const unit = depthwise ? 4 : 1;
  return ctx.produce(node, [x, b], accepts, (c) => {
    const count = sizeOf(node.shape) / unit;
    return {
      family: "depthwise",
      shader: "conv-direct",
      spec: {
        constants: {
          DEPTHWISE: depthwise,
          INPUT_DILATION: !attrs.inputDilation.every(isOne),
          Elem: depthwise ? "vec4f" : "f32",
        },
      },
      output: c.slot,
      inputs: [x.slot, b.slot],
      uniforms: {
        count,
        outChannels: out / unit,
        groupIn,
        groupOut: depthwise ? 1 : out / attrs.groups,
        a: operandParams(x, rowStride(x)!, unit),
        b: operandParams(b, b.strides.at(-2)!, unit),
        c: operandParams(c, rowStride(c)!, unit),
        window: convWindow(node),
      },
      groups: Math.ceil(count / 64),
      flops: 2 * sizeOf(node.shape) * kh * kw * groupIn,
    };
  });
}
