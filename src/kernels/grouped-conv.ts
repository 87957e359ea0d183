/** @file Convolutions in groups: one kernel if each channel is its own group, and one for all others. */

import { sizeOf } from "../graph/shape.js";
import type { Node, NodeOf } from "../graph/types.js";
import { epilogueCode, epilogueOperands, epilogueParams } from "./epilogue.js";
import { isDepthwise, type Cluster } from "./fuse.js";
import type { Lowering } from "./lowering.js";
import type { Params } from "./params.js";
import { hasEvenRows, rowStride, type View } from "./view.js";
import { convWindow } from "./window.js";

/** Neighbours in a line that an invocation computes. */
const PIXELS = 4;

export const lowerGrouped = (ctx: Lowering, node: NodeOf<"conv2d">, cluster?: Cluster): View =>
  isDepthwise(node) ? lowerDepthwise(ctx, node, cluster) : lowerDirect(ctx, node);

/** The weight as [kernel height * kernel width * channels of a group, out]. */
export function packedWeight(ctx: Lowering, node: NodeOf<"conv2d">): View {
  const w = node.inputs[1]!;
  const [out, groupIn, kh, kw] = w.shape as [number, number, number, number];
  const packed = ctx.b.reshape(ctx.b.transpose(w, [2, 3, 1, 0]), [kh * kw * groupIn, out]);
  return ctx.vec4Rows(ctx.value(packed), node.path);
}

/** @param unit elements of a load */
const operands = (a: View, b: View, c: View, unit: number): Params => ({
  a: { offset: a.offset / unit, row: rowStride(a)! / unit },
  b: { offset: b.offset / unit, row: b.strides.at(-2)! / unit },
  c: { offset: c.offset / unit, row: rowStride(c)! / unit },
});

function lowerDepthwise(ctx: Lowering, node: NodeOf<"conv2d">, cluster: Cluster | undefined): View {
  const [xNode, wNode] = node.inputs as [Node, Node];
  const strideX = node.attrs.stride[1];
  const [out, , kh, kw] = wNode.shape as [number, number, number, number];
  const [batch, height, width] = node.shape as [number, number, number];
  const x = ctx.evenRows(ctx.value(xNode), node.path);
  const b = packedWeight(ctx, node);
  const extras = cluster ? epilogueOperands(ctx, node, cluster) : [];
  const inputs = [x, b, ...extras.map((e) => e.view)];
  return ctx.produce(cluster?.root ?? node, inputs, hasEvenRows, (c) => {
    const tiles = Math.ceil(width / PIXELS);
    const count = batch * height * tiles * (out / 4);
    return {
      family: "depthwise",
      shader: "depthwise",
      spec: {
        constants: { PIXELS, KERNEL: kw, STRIDE: strideX, LOADS: (PIXELS - 1) * strideX + kw },
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
        ...operands(x, b, c, 4),
        window: convWindow(node),
        extra: epilogueParams(extras),
      },
      groups: Math.ceil(count / 64),
      flops: 2 * sizeOf(node.shape) * kh * kw,
    };
  });
}

/** By element; by vec4s if each channel is its own group. */
function lowerDirect(ctx: Lowering, node: NodeOf<"conv2d">): View {
  const [xNode, wNode] = node.inputs as [Node, Node];
  const { groups, inputDilation } = node.attrs;
  const [out, groupIn, kh, kw] = wNode.shape as [number, number, number, number];
  const depthwise = groupIn === 1 && out === groups && out % 4 === 0;
  const fits = (view: View): boolean =>
    depthwise ? hasEvenRows(view) : rowStride(view) !== undefined && view.strides.at(-1) === 1;
  const given = ctx.value(xNode);
  const x = fits(given) ? given : ctx.copy(given, node.path);
  const b = packedWeight(ctx, node);
  const unit = depthwise ? 4 : 1;
  return ctx.produce(node, [x, b], fits, (c) => {
    const count = sizeOf(node.shape) / unit;
    return {
      family: "depthwise",
      shader: "conv-direct",
      spec: {
        constants: {
          DEPTHWISE: depthwise,
          INPUT_DILATION: inputDilation.some((d) => d > 1),
          Elem: depthwise ? "vec4f" : "f32",
        },
      },
      output: c.slot,
      inputs: [x.slot, b.slot],
      uniforms: {
        count,
        outChannels: out / unit,
        groupIn,
        groupOut: depthwise ? 1 : out / groups,
        ...operands(x, b, c, unit),
        window: convWindow(node),
      },
      groups: Math.ceil(count / 64),
      flops: 2 * sizeOf(node.shape) * kh * kw * groupIn,
    };
  });
}
