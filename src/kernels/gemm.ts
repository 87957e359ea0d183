/**
 * @file Matrix products and convolutions: implicit GEMM over rows of A (a picture's windows) and a matrix B of weights
 * [taps * channels, columns]. The cluster that follows rides on the store.
 */

import { isPointwiseConv } from "../graph/ops/convolution.js";
import { sizeOf } from "../graph/shape.js";
import type { Node, NodeOf } from "../graph/types.js";
import { epilogueCode, epilogueOperands, epilogueParams, type Epilogue } from "./epilogue.js";
import type { Cluster } from "./fuse.js";
import { chooseGemm } from "./gemm-variants.js";
import { lowerGrouped, packedWeight } from "./grouped-conv.js";
import type { Lowering } from "./lowering.js";
import type { Params } from "./params.js";
import type { Step } from "./step.js";
import { broadcastView, ceil4, collapse, hasEvenRows, hasVec4Rows, rowStride, type View } from "./view.js";
import { convWindow, NO_WINDOW } from "./window.js";

interface Product {
  readonly rows: number;
  readonly columns: number;
  /** Channels of one tap; all of k for a matrix product. */
  readonly channels: number;
  readonly taps: number;
  readonly batch: { readonly outer: number; readonly inner: number };
  readonly a: Operand;
  readonly b: Operand;
  /** The convolution whose windows are A's rows. */
  readonly conv?: NodeOf<"conv2d">;
}

/** Strides in elements. */
interface Operand {
  readonly view: View;
  readonly row: number;
  readonly outer: number;
  readonly inner: number;
}

/** An operand that is the same for the whole batch. */
const shared = (view: View, row: number): Operand => ({ view, row, outer: 0, inner: 0 });
const NO_BATCH = { outer: 1, inner: 1 };

export function lowerMatmul(ctx: Lowering, node: NodeOf<"matmul">, cluster?: Cluster): View {
  const { transposeA, transposeB } = node.attrs;
  const [aNode, bNode] = node.inputs as [Node, Node];
  // Transposing as a node of its own lets a weight be prepared once.
  const a = matrix(ctx, aNode, transposeA);
  const b = matrix(ctx, bNode, transposeB);
  if (sizeOf(b.shape.slice(0, -2)) > 1) return lowerBatched(ctx, node, a, b);
  const rows = ctx.evenRows(a, node.path);
  return emitProduct(ctx, node, cluster, {
    rows: sizeOf(node.shape.slice(0, -1)),
    columns: node.shape.at(-1)!,
    channels: a.shape.at(-1)!,
    taps: 1,
    batch: NO_BATCH,
    a: shared(rows, rowStride(rows)!),
    b: shared(b, matrixRow(b)),
  });
}

/** From row to row. The stride of a single row means nothing and may be no multiple of four. */
const matrixRow = (view: View): number => (view.shape.at(-2) === 1 ? 0 : view.strides.at(-2)!);

/** The operand, or its transpose, with rows of vec4s. */
function matrix(ctx: Lowering, node: Node, transpose: boolean): View {
  const rank = node.shape.length;
  const perm = node.shape.map((_, i) => (i < rank - 2 ? i : 2 * rank - 3 - i));
  return ctx.vec4Rows(ctx.value(transpose ? ctx.b.transpose(node, perm) : node), node.path);
}

function lowerBatched(ctx: Lowering, node: NodeOf<"matmul">, aGiven: View, bGiven: View): View {
  const batch = node.shape.slice(0, -2);
  const [rows, columns] = node.shape.slice(-2) as [number, number];
  const over = (view: View): View => {
    const lead = { ...view, shape: view.shape.slice(0, -2), strides: view.strides.slice(0, -2) };
    return broadcastView(lead, batch);
  };
  let [a, b] = [aGiven, bGiven];
  const fits = (c: View): boolean =>
    hasVec4Rows(c) && collapse(batch, [over(a), over(b), over(c)]).sizes.length <= 2;
  if (!fits(ctx.allocateRows(node.shape))) {
    // Operands that repeat over three or more separate axes are copied in full.
    a = ctx.copy(broadcastView(a, [...batch, ...a.shape.slice(-2)]), node.path);
    b = ctx.copy(broadcastView(b, [...batch, ...b.shape.slice(-2)]), node.path);
  }
  return ctx.produce(node, [a, b], fits, (c) => {
    const loops = collapse(batch, [over(a), over(b), over(c)]);
    const two = loops.sizes.length === 2;
    const operand = (view: View, k: number): Operand => ({
      view,
      row: matrixRow(view),
      outer: two ? loops.strides[k]![0]! : 0,
      inner: loops.strides[k]!.at(-1)!,
    });
    const product: Product = {
      rows,
      columns,
      channels: a.shape.at(-1)!,
      taps: 1,
      batch: { outer: two ? loops.sizes[0]! : 1, inner: loops.sizes.at(-1)! },
      a: operand(a, 0),
      b: operand(b, 1),
    };
    return productStep(ctx, product, operand(c, 2));
  });
}

export function lowerConv2d(ctx: Lowering, node: NodeOf<"conv2d">, cluster?: Cluster): View {
  if (node.attrs.groups > 1) return lowerGrouped(ctx, node, cluster);
  const [xNode, wNode] = node.inputs as [Node, Node];
  const [columns, channels, kh, kw] = wNode.shape as [number, number, number, number];
  const x = ctx.evenRows(ctx.value(xNode), node.path);
  const b = packedWeight(ctx, node);
  return emitProduct(ctx, node, cluster, {
    rows: sizeOf(node.shape.slice(0, -1)),
    columns,
    channels,
    taps: kh * kw,
    batch: NO_BATCH,
    a: shared(x, rowStride(x)!),
    b: shared(b, matrixRow(b)),
    ...(isPointwiseConv(node) ? {} : { conv: node }),
  });
}

function emitProduct(ctx: Lowering, core: Node, cluster: Cluster | undefined, product: Product): View {
  const epilogue = cluster && { core, cluster, extras: epilogueOperands(ctx, core, cluster) };
  const inputs = [product.a.view, product.b.view, ...(epilogue?.extras.map((e) => e.view) ?? [])];
  return ctx.produce(cluster?.root ?? core, inputs, hasEvenRows, (c) =>
    productStep(ctx, product, shared(c, rowStride(c)!), epilogue),
  );
}

/** In vec4s. */
const operandParams = ({ view, row, outer, inner }: Operand): Params => ({
  offset: view.offset / 4,
  row: row / 4,
  outer: outer / 4,
  inner: inner / 4,
});

function productStep(ctx: Lowering, p: Product, c: Operand, epilogue?: Epilogue): Omit<Step, "label"> {
  const columns4 = ceil4(p.columns) / 4;
  const k4 = ceil4(p.channels) / 4;
  const variant = chooseGemm(ctx.traits, p.rows);
  const rowTiles = Math.ceil(p.rows / variant.tileRows);
  const columnTiles = Math.ceil(columns4 / variant.tileColumns4);
  const batch = p.batch.outer * p.batch.inner;
  const groups = rowTiles * columnTiles * batch;
  const extras = epilogue?.extras ?? [];
  return {
    family: p.conv ? "convolution" : "gemm",
    shader: variant.shader,
    spec: {
      constants: {
        ...variant.constants,
        CONVOLUTION: p.conv !== undefined,
        INPUT_DILATION: p.conv?.attrs.inputDilation.some((d) => d > 1) ?? false,
        TAIL: p.channels % 4 !== 0,
      },
      hooks: epilogue ? { epilogue: epilogueCode(epilogue, p.rows) } : {},
    },
    output: c.view.slot,
    inputs: [p.a.view.slot, p.b.view.slot, ...extras.map((e) => e.view.slot)],
    uniforms: {
      rows: p.rows,
      columns4,
      k4,
      tail: p.channels - 4 * (k4 - 1),
      taps: p.taps,
      rowTiles,
      columnTiles,
      batchInner: p.batch.inner,
      groups,
      a: operandParams(p.a),
      b: operandParams(p.b),
      c: operandParams(c),
      window: p.conv ? convWindow(p.conv) : NO_WINDOW,
      extra: epilogueParams(extras),
    },
    groups,
    flops: 2 * p.rows * p.columns * p.taps * p.channels * batch,
  };
}
