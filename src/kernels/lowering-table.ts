/** @file Lowers a graph by the table of how each op that is not pointwise becomes views and steps. */

import { invariant } from "../errors.js";
import type { Builder } from "../graph/builder.js";
import { isParametric } from "../graph/rewrite.js";
import { contiguousStrides, sizeOf } from "../graph/shape.js";
import type { Node, NodeOf, StructuralAttrs } from "../graph/types.js";
import type { Cluster } from "./fuse.js";
import { lowerConv2d, lowerMatmul } from "./gemm.js";
import { Lowering, type Lowered, type LowerOptions } from "./lowering.js";
import { pointwiseStep } from "./pointwise.js";
import { lowerReduce, lowerRows } from "./reduce.js";
import { lowerMaxPool, lowerPad, lowerResample } from "./resample.js";
import { broadcastView, sliceView, transposeView, type View } from "./view.js";

type Lower<K extends keyof StructuralAttrs> = (ctx: Lowering, node: NodeOf<K>, cluster?: Cluster) => View;

const LOWER: { readonly [K in keyof StructuralAttrs]: Lower<K> } = {
  input: (ctx, node) => ctx.input(node.attrs.name, node.shape),
  param: (_, node) => {
    invariant(false, `parameter ${node.attrs.key} has no memory`);
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
    invariant(false, `${node.path}: attention must be rewritten before lowering (src/graph/rewrite.ts)`);
  },
  reshape: (ctx, node) => ctx.reshape(ctx.value(node.inputs[0]!), node.shape, node.path),
  transpose: (ctx, node) => transposeView(ctx.value(node.inputs[0]!), node.attrs.perm),
  slice: (ctx, node) =>
    sliceView(ctx.value(node.inputs[0]!), node.attrs.axis, node.attrs.start, node.attrs.end),
  pad: lowerPad,
  broadcast: (ctx, node) => broadcastView(ctx.value(node.inputs[0]!), node.shape),
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

export const lowerGraph = (b: Builder, outputs: readonly Node[], options: LowerOptions): Lowered =>
  new Lowering(b, outputs, options, lowerNode).run();

/** @param cluster whose root is the node: pointwise throughout, or riding on its core */
function lowerNode(ctx: Lowering, node: Node, cluster?: Cluster): View {
  if (cluster && !cluster.core) return lowerPointwise(ctx, cluster);
  const core = cluster?.core ?? node;
  const lower = LOWER[core.op as keyof typeof LOWER] as (
    ctx: Lowering,
    node: Node,
    cluster?: Cluster,
  ) => View;
  return lower(ctx, core, cluster);
}

function lowerPointwise(ctx: Lowering, cluster: Cluster): View {
  const { root } = cluster;
  const inputs = [...cluster.inputs];
  // Values made of parameters come last. Before the picture's, those of all blocks would be in memory at once.
  const order = [...inputs].sort((a, b) => Number(isParametric(a)) - Number(isParametric(b)));
  for (const x of order) ctx.value(x);
  const views = inputs.map((x) => broadcastView(ctx.value(x), root.shape));
  return ctx.produce(
    root,
    views,
    () => true,
    (output) => pointwiseStep(cluster, output, views),
  );
}
