/** @file The lowering table: how each op that is not pointwise becomes views and steps. */

import { invariant } from "../errors.js";
import { contiguousStrides, sizeOf } from "../graph/shape.js";
import type { NodeOf, StructuralAttrs } from "../graph/types.js";
import type { Cluster } from "./fuse.js";
import { lowerConv2d, lowerMatmul } from "./gemm.js";
import type { Lowering } from "./lowering.js";
import { lowerReduce, lowerRows } from "./reduce.js";
import { lowerMaxPool, lowerPad, lowerResample } from "./resample.js";
import { sliceView, transposeView, type View } from "./view.js";

type Lower<K extends keyof StructuralAttrs> = (ctx: Lowering, node: NodeOf<K>, cluster?: Cluster) => View;

export const LOWER: { readonly [K in keyof StructuralAttrs]: Lower<K> } = {
  input: (ctx, node) => ctx.input(node.attrs.name, node.shape),
  param: (_, node) => {
    invariant(false, `parameter ${node.attrs.key} was given no memory`);
  },
  constant(ctx, node) {
    const { data } = node.attrs;
    const values = typeof data === "number" ? new Float32Array(sizeOf(node.shape)).fill(data) : data;
    const slot = ctx.table(node, () => new Uint32Array(Float32Array.from(values).buffer));
    return { slot, offset: 0, shape: node.shape, strides: contiguousStrides(node.shape) };
  },
  matmul: lowerMatmul,
  conv2d: lowerConv2d,
  maxPick: lowerMaxPool,
  maxPut: lowerMaxPool,
  resample: lowerResample,
  reduceSum: lowerReduce,
  reduceMax: lowerReduce,
  softmax: lowerRows,
  normalize: lowerRows,
  attention: (_, node) => {
    invariant(false, `${node.path}: attention is spelled out before lowering (src/graph/rewrite.ts)`);
  },
  reshape: (ctx, node) => ctx.reshape(ctx.value(node.inputs[0]!), node.shape, node.path),
  transpose: (ctx, node) => transposeView(ctx.value(node.inputs[0]!), node.attrs.perm),
  slice: (ctx, node) =>
    sliceView(ctx.value(node.inputs[0]!), node.attrs.axis, node.attrs.start, node.attrs.end),
  pad: lowerPad,
  broadcast: (ctx, node) => ctx.broadcast(ctx.value(node.inputs[0]!), node.shape),
  concat(ctx, node) {
    const block = ctx.block(node);
    const { axis } = node.attrs;
    let start = 0;
    for (const part of node.inputs) {
      const end = start + part.shape[axis]!;
      const place = sliceView(block, axis, start, end);
      const view = ctx.value(part);
      const isThere = view.slot === place.slot && view.offset === place.offset;
      if (!isThere) ctx.copyTo(view, place, node.path);
      start = end;
    }
    return block;
  },
};
