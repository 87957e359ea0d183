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

/** One row times a large matrix [k, n], as in a Linear's gradient: row by row, without a transposed copy. */
function rowProduct(a: NdF64, b: NdF64): NdF64 {
  const [k, n] = b.shape as [number, number];
  const y = nd([...a.shape.slice(0, -1), n]);
  const [factors, rows, sums] = [a.data, b.data, y.data];
  for (let p = 0; p < k; p++) {
    const factor = factors[p]!;
    for (let j = 0; j < n; j++) sums[j]! += factor * rows[p * n + j]!;
  }
  return y;
}

const matmul: Ref<"matmul"> = ({ attrs: { transposeA, transposeB } }, [a, b]) => {
  const isRow = a!.data.length === a!.shape.at(-1) && b!.shape.length === 2;
  if (isRow && !transposeA && !transposeB) return rowProduct(a!, b!);
  return productNT(transposeA ? swapped(a!) : a!, transposeB ? b! : swapped(b!));
};

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
