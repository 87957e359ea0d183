/**
 * @file Matrix products and convolutions: implicit GEMM over rows of A (a picture's windows) and a matrix B of weights
 * [taps * channels, columns], with the cluster that follows riding on the store.
 */

import { sizeOf } from "../graph/shape.js";
import type { Node, NodeOf } from "../graph/types.js";
import { chooseGemm } from "./gemm-variants.js";
import { epilogueCode, epilogueOperands, epilogueParams, type Epilogue } from "./epilogue.js";
import type { Cluster } from "./fuse.js";
import { lowerGrouped } from "./grouped-conv.js";
import type { Lowering } from "./lowering.js";
import type { Params } from "./params.js";
import type { Step } from "./step.js";
import { broadcastView, ceil4, collapse, hasVec4Rows, rowStride, type View } from "./view.js";
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
  /** Whose windows A's rows are. */
  readonly conv?: NodeOf<"conv2d">;
}

/** Strides in elements. */
interface Operand {
  readonly view: View;
  readonly row: number;
  readonly outer: number;
  readonly inner: number;
}

const writable = (view: View): boolean => hasVec4Rows(view) && rowStride(view) !== undefined;

export function lowerMatmul(ctx: Lowering, node: NodeOf<"matmul">, cluster?: Cluster): View {
  const { transposeA, transposeB } = node.attrs;
  const [aNode, bNode] = node.inputs as [Node, Node];
  // Transposing as a node of its own lets a weight be prepared once.
  const a = matrix(ctx, aNode, transposeA);
  const b = matrix(ctx, bNode, transposeB);
  const [rows, columns] = node.shape.slice(-2) as [number, number];
  const channels = a.shape.at(-1)!;
  const target = cluster?.root ?? node;
  if (sizeOf(b.shape.slice(0, -2)) === 1) {
    const flat = rowStride(a) === undefined ? ctx.copy(a, node.path) : a;
    const product: Product = {
      rows: sizeOf(node.shape.slice(0, -1)),
      columns,
      channels,
      taps: 1,
      batch: { outer: 1, inner: 1 },
      a: { view: flat, row: rowStride(flat)!, outer: 0, inner: 0 },
      b: { view: b, row: matrixRow(b), outer: 0, inner: 0 },
    };
    return emitProduct(ctx, node, target, product, cluster);
  }
  return lowerBatched(ctx, node, a, b, rows, columns, channels);
}

/** From row to row; a single row's stride means nothing and may be no multiple of four. */
const matrixRow = (view: View): number => (view.shape.at(-2) === 1 ? 0 : view.strides.at(-2)!);

/** The operand, or its transpose, with rows of vec4s. */
function matrix(ctx: Lowering, node: Node, transpose: boolean): View {
  const rank = node.shape.length;
  const perm = node.shape.map((_, i) => (i < rank - 2 ? i : 2 * rank - 3 - i));
  return ctx.vec4Rows(ctx.value(transpose ? ctx.b.transpose(node, perm) : node), node.path);
}

function lowerBatched(
  ctx: Lowering,
  node: NodeOf<"matmul">,
  aGiven: View,
  bGiven: View,
  rows: number,
  columns: number,
  channels: number,
): View {
  const batch = node.shape.slice(0, -2);
  const over = (view: View): View => {
    const lead = { ...view, shape: view.shape.slice(0, -2), strides: view.strides.slice(0, -2) };
    return broadcastView(lead, batch);
  };
  let [a, b] = [aGiven, bGiven];
  const fits = (c: View): boolean =>
    hasVec4Rows(c) && collapse(batch, [over(a), over(b), over(c)]).sizes.length <= 2;
  if (!fits(ctx.allocateRows(node.shape))) {
    // Operands that repeat over three or more separate axes: spelled out.
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
      channels,
      taps: 1,
      batch: { outer: two ? loops.sizes[0]! : 1, inner: loops.sizes.at(-1)! },
      a: operand(a, 0),
      b: operand(b, 1),
    };
    return productStep(ctx, product, operand(c, 2), undefined);
  });
}

export function lowerConv2d(ctx: Lowering, node: NodeOf<"conv2d">, cluster?: Cluster): View {
  const [xNode, wNode] = node.inputs as [Node, Node];
  const { attrs } = node;
  if (attrs.groups > 1) return lowerGrouped(ctx, node, cluster);
  const [out, channels, kh, kw] = wNode.shape as [number, number, number, number];
  const given = ctx.vec4Rows(ctx.value(xNode), node.path);
  const x = rowStride(given) === undefined ? ctx.copy(given, node.path) : given;
  const packed = ctx.b.reshape(ctx.b.transpose(wNode, [2, 3, 1, 0]), [kh * kw * channels, out]);
  const b = ctx.vec4Rows(ctx.value(packed), node.path);
  const isProduct =
    kh * kw === 1 &&
    [attrs.stride, attrs.inputDilation].flat().every((s) => s === 1) &&
    attrs.padding.flat().every((p) => p === 0);
  const product: Product = {
    rows: sizeOf(node.shape.slice(0, -1)),
    columns: out,
    channels,
    taps: kh * kw,
    batch: { outer: 1, inner: 1 },
    a: { view: x, row: rowStride(x)!, outer: 0, inner: 0 },
    b: { view: b, row: matrixRow(b), outer: 0, inner: 0 },
    ...(isProduct ? {} : { conv: node }),
  };
  return emitProduct(ctx, node, cluster?.root ?? node, product, cluster);
}

function emitProduct(
  ctx: Lowering,
  core: Node,
  target: Node,
  product: Product,
  cluster: Cluster | undefined,
): View {
  const extras = cluster && epilogueOperands(ctx, core, cluster);
  const inputs = [product.a.view, product.b.view, ...(extras?.map((e) => e.view) ?? [])];
  return ctx.produce(target, inputs, writable, (c) =>
    productStep(
      ctx,
      product,
      { view: c, row: rowStride(c)!, outer: 0, inner: 0 },
      cluster && extras && { core, cluster, extras },
    ),
  );
}

/** In vec4s. */
const operandParams = ({ view, row, outer, inner }: Operand): Params => ({
  offset: view.offset / 4,
  row: row / 4,
  outer: outer / 4,
  inner: inner / 4,
});

function productStep(
  ctx: Lowering,
  p: Product,
  c: Operand,
  epilogue: Epilogue | undefined,
): Omit<Step, "label"> {
  const columns4 = ceil4(p.columns) / 4;
  const k4 = ceil4(p.channels) / 4;
  const variant = chooseGemm(ctx.traits, {
    rows: p.rows,
    columns4,
    depth: p.taps * p.channels,
    taps: p.taps,
  });
  const rowTiles = Math.ceil(p.rows / variant.tileRows);
  const columnTiles = Math.ceil(columns4 / variant.tileColumns4);
  const groups = rowTiles * columnTiles * p.batch.outer * p.batch.inner;
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
    flops: 2 * p.rows * p.columns * p.taps * p.channels * p.batch.outer * p.batch.inner,
  };
}
