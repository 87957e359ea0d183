/** @file matmul and attention. */

import { broadcastShapes, contiguousStrides, type Shape } from "../../src/graph/shape.js";
import { broadcastStrides, eachRow, gatherStrided, nd, type NdF64 } from "./array.js";
import { gemmNT } from "./gemm.js";
import type { Ref } from "./ref.js";
import { POINTWISE } from "./pointwise.js";
import { softmaxRows } from "./reduction.js";

/** The last two axes swapped. */
function swapped(x: NdF64): NdF64 {
  const swap = (list: readonly number[]): number[] => [...list.slice(0, -2), list.at(-1)!, list.at(-2)!];
  return gatherStrided(x, swap(x.shape), swap(contiguousStrides(x.shape)));
}

/** a [..., m, k] times bT [..., n, k] transposed, batches broadcast. */
function productNT(a: NdF64, bT: NdF64): NdF64 {
  const [m, k, n] = [a.shape.at(-2)!, a.shape.at(-1)!, bT.shape.at(-2)!];
  const batch: Shape = broadcastShapes(a.shape.slice(0, -2), bT.shape.slice(0, -2));
  const y = nd([...batch, m, n]);
  // One step of the walk is one matrix: offsets count matrices.
  const strides = [a, bT].map((x) => [...broadcastStrides(x.shape.slice(0, -2), batch), 0]);
  let matrix = 0;
  eachRow([...batch, 1], strides, ([i, j]) => {
    gemmNT({ m, n, k }, a.data, i! * m * k, bT.data, j! * n * k, y.data, matrix++ * m * n, n);
  });
  return y;
}

const matmul: Ref<"matmul"> = ({ attrs }, [a, b]) =>
  productNT(attrs.transposeA ? swapped(a!) : a!, attrs.transposeB ? b! : swapped(b!));

const attention: Ref<"attention"> = ({ attrs: { scale } }, [q, k, v, bias]) => {
  const products = productNT(q!, k!);
  const scores = nd(
    products.shape,
    products.data.map((s) => s * scale),
  );
  const biased = bias ? POINTWISE.add({} as never, [scores, bias], {}) : scores;
  return productNT(softmaxRows(biased), swapped(v!));
};

export const MATMUL = { matmul, attention };
