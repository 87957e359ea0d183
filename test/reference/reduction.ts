/** @file Sums and maxima over axes; softmax and normalisation of rows. */

import type { Shape } from "../../src/graph/shape.js";
import { broadcastStrides, eachRow, nd, type NdF64 } from "./array.js";
import { contiguousStrides } from "../../src/graph/shape.js";
import type { Ref } from "./ref.js";

function reduce(
  x: NdF64,
  axes: readonly number[],
  initial: number,
  combine: (sum: number, value: number) => number,
): NdF64 {
  const shape: Shape = x.shape.map((d, i) => (axes.includes(i) ? 1 : d));
  const y = nd(shape);
  y.data.fill(initial);
  const strides = [contiguousStrides(x.shape), broadcastStrides(shape, x.shape)];
  const step = strides[1]!.at(-1) ?? 0;
  const width = x.shape.at(-1) ?? 1;
  eachRow(x.shape, strides, ([from, to]) => {
    for (let i = 0; i < width; i++) {
      y.data[to! + i * step] = combine(y.data[to! + i * step]!, x.data[from! + i]!);
    }
  });
  return y;
}

const reduceSum: Ref<"reduceSum"> = ({ attrs }, [x]) => reduce(x!, attrs.axes, 0, (a, b) => a + b);
const reduceMax: Ref<"reduceMax"> = ({ attrs }, [x]) => reduce(x!, attrs.axes, -Infinity, Math.max);

/** Each row (last axis) through f, which writes into its second argument. Plain loops: rows are short and many. */
function mapRows(x: NdF64, f: (row: Float64Array, out: Float64Array) => void): NdF64 {
  const y = nd(x.shape);
  const width = x.shape.at(-1)!;
  for (let at = 0; at < x.data.length; at += width) {
    f(x.data.subarray(at, at + width), y.data.subarray(at, at + width));
  }
  return y;
}

export const softmaxRows = (x: NdF64): NdF64 =>
  mapRows(x, (row, out) => {
    let largest = -Infinity;
    for (let i = 0; i < row.length; i++) largest = Math.max(largest, row[i]!);
    let total = 0;
    for (let i = 0; i < row.length; i++) total += out[i] = Math.exp(row[i]! - largest);
    for (let i = 0; i < row.length; i++) out[i]! /= total;
  });

const softmax: Ref<"softmax"> = (_, [x]) => softmaxRows(x!);

const normalize: Ref<"normalize"> = ({ attrs: { eps } }, [x]) =>
  mapRows(x!, (row, out) => {
    let mean = 0;
    for (let i = 0; i < row.length; i++) mean += row[i]! / row.length;
    let variance = 0;
    for (let i = 0; i < row.length; i++) variance += (row[i]! - mean) ** 2 / row.length;
    const scale = 1 / Math.sqrt(variance + eps);
    for (let i = 0; i < row.length; i++) out[i] = (row[i]! - mean) * scale;
  });

export const REDUCTION = { reduceSum, reduceMax, softmax, normalize };
