/** @file Dense f64 arrays of the reference interpreter, row-major. */

import { contiguousStrides, sizeOf, type Shape } from "../../src/graph/shape.js";

export interface NdF64 {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/** An array of `shape`; without data, of zeros. Data is copied unless it is a Float64Array. */
export function nd(shape: Shape, data?: ArrayLike<number>): NdF64 {
  const size = sizeOf(shape);
  const values =
    data instanceof Float64Array
      ? data
      : data === undefined
        ? new Float64Array(size)
        : new Float64Array(data);
  if (values.length !== size) throw new Error(`${values.length} values for shape [${shape.join(", ")}]`);
  return { shape, data: values };
}

/** Strides with which an array is read as if it had the (broadcast) shape `to`: 0 along repeated axes. */
export function broadcastStrides(from: Shape, to: Shape): number[] {
  const strides = contiguousStrides(from);
  const extra = to.length - from.length;
  return to.map((d, i) => (i < extra || (from[i - extra] === 1 && d !== 1) ? 0 : strides[i - extra]!));
}

/**
 * Walks over `shape` in row-major order, one innermost row at a time: `row(offsets)` gets the position in each strided
 * operand at which the row begins.
 */
export function eachRow(
  shape: Shape,
  strides: readonly (readonly number[])[],
  row: (offsets: readonly number[]) => void,
): void {
  if (sizeOf(shape) === 0) return;
  const outer = shape.length - 1;
  const index = new Array<number>(Math.max(outer, 0)).fill(0);
  const offsets = strides.map(() => 0);
  for (;;) {
    row(offsets);
    let axis = outer - 1;
    for (; axis >= 0; axis--) {
      index[axis]!++;
      for (let k = 0; k < strides.length; k++) offsets[k]! += strides[k]![axis]!;
      if (index[axis]! < shape[axis]!) break;
      for (let k = 0; k < strides.length; k++) offsets[k]! -= strides[k]![axis]! * shape[axis]!;
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}

/** The array x read with arbitrary strides from `start`, as a contiguous array of `shape`. */
export function gatherStrided(x: NdF64, shape: Shape, strides: readonly number[], start = 0): NdF64 {
  const y = nd(shape);
  const width = shape.at(-1) ?? 1;
  const step = strides.at(-1) ?? 0;
  const [source, target] = [x.data, y.data];
  let row = 0;
  eachRow(shape, [strides], ([offset]) => {
    // Variables of the callback itself: those of an enclosing function are slow in a hot loop.
    let from = start + offset!;
    const end = row + width;
    for (let to = row; to < end; to++, from += step) target[to] = source[from]!;
    row = end;
  });
  return y;
}
