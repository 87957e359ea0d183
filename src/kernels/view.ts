/**
 * @file Where a value lies on the GPU: a strided view of a slot, as in NumPy. Rows (the last axis) of new values begin at
 * multiples of four elements, so that kernels can load vec4s. The padding of rows is finite and otherwise undefined.
 */

import { contiguousStrides, sameShape, sizeOf, type Shape } from "../graph/shape.js";

/** A piece of GPU memory for one value, or for the parts of one (a concat's). */
export interface Slot {
  readonly kind:
    | "temp" // of a plan, shared over time
    | "output" // of a plan, kept until its next run
    | "input" // written by the host
    | "weight" // of the model's weight store
    | "external"; // another plan's output
  /** Elements (f32). */
  readonly size: number;
  /** The name of an input or output, the key of a weight; for errors. */
  readonly name: string;
}

export interface View {
  readonly slot: Slot;
  /** In elements, as the strides. */
  readonly offset: number;
  readonly shape: Shape;
  readonly strides: readonly number[];
}

export const ceil4 = (n: number): number => Math.ceil(n / 4) * 4;

/** The shape in memory of a new value: rows are padded to four elements, single numbers are not. */
export function storageShape(shape: Shape): number[] {
  const last = shape.at(-1) ?? 1;
  return last === 1 ? [...shape] : [...shape.slice(0, -1), ceil4(last)];
}

export function viewOf(slot: Slot, shape: Shape, offset = 0): View {
  return { slot, offset, shape, strides: contiguousStrides(storageShape(shape)) };
}

export const storageSize = (shape: Shape): number => Math.max(4, ceil4(sizeOf(storageShape(shape))));

/** Axes of size 1 do not constrain strides. */
const significant = (view: View): number[] => view.shape.map((_, i) => i).filter((i) => view.shape[i] !== 1);

/** The view with another shape, or undefined if the order in memory does not allow it. */
export function reshapeView(view: View, shape: Shape): View | undefined {
  if (sameShape(view.shape, shape)) return view;
  const strides = new Array<number>(shape.length).fill(0);
  const axes = significant(view);
  let from = 0; // next axis of `axes`
  let to = 0; // next axis of `shape`
  while (from < axes.length || to < shape.length) {
    if (to < shape.length && shape[to] === 1) {
      strides[to++] = 0;
      continue;
    }
    // The shortest runs of axes on both sides that hold the same number of elements.
    const [fromStart, toStart] = [from, to];
    let have = 1;
    let want = 1;
    do {
      if (have <= want && from < axes.length) have *= view.shape[axes[from++]!]!;
      else if (to < shape.length) want *= shape[to++]!;
      else return undefined;
    } while (have !== want);
    // The run must be evenly strided.
    for (let i = fromStart; i + 1 < from; i++) {
      const [outer, inner] = [axes[i]!, axes[i + 1]!];
      if (view.strides[outer] !== view.strides[inner]! * view.shape[inner]!) return undefined;
    }
    let stride = view.strides[axes[from - 1]!]!;
    for (let i = to - 1; i >= toStart; i--) {
      strides[i] = stride;
      stride *= shape[i]!;
    }
  }
  return { ...view, shape, strides };
}

export function sliceView(view: View, axis: number, start: number, end: number): View {
  return {
    slot: view.slot,
    offset: view.offset + start * view.strides[axis]!,
    shape: view.shape.map((d, i) => (i === axis ? end - start : d)),
    strides: view.strides,
  };
}

export const transposeView = (view: View, perm: readonly number[]): View => ({
  ...view,
  shape: perm.map((axis) => view.shape[axis]!),
  strides: perm.map((axis) => view.strides[axis]!),
});

/** The axis backwards: a negative stride, which u32 arithmetic modulo 2^32 adds correctly. */
export const flipView = (view: View, axis: number): View => ({
  ...view,
  offset: view.offset + (view.shape[axis]! - 1) * view.strides[axis]!,
  strides: view.strides.map((s, i) => (i === axis ? -s : s)),
});

/** NumPy's broadcasting: repeated axes get stride 0. */
export function broadcastView(view: View, shape: Shape): View {
  const extra = shape.length - view.shape.length;
  return {
    ...view,
    shape,
    strides: shape.map((_, i) => (i < extra || view.shape[i - extra] === 1 ? 0 : view.strides[i - extra]!)),
  };
}

/** Whether the last axis is dense and rows begin at multiples of four elements. */
export function hasVec4Rows(view: View): boolean {
  const last = view.shape.length - 1;
  if (last < 0) return false;
  const dense = view.strides[last] === 1 || view.shape[last] === 1;
  return (
    dense &&
    view.offset % 4 === 0 &&
    view.shape.every((d, i) => i === last || d === 1 || view.strides[i]! % 4 === 0)
  );
}

/** The stride from row to row, or undefined if the axes but the last have no single stride. */
export function rowStride(view: View): number | undefined {
  const rows = reshapeView({ ...view, shape: view.shape.slice(0, -1), strides: view.strides.slice(0, -1) }, [
    sizeOf(view.shape.slice(0, -1)),
  ]);
  if (!rows) return undefined;
  return rows.shape[0] === 1 ? ceil4(view.shape.at(-1)!) : rows.strides[0]!;
}

/** Whether rows of vec4s are one stride apart. */
export const hasEvenRows = (view: View): boolean => hasVec4Rows(view) && rowStride(view) !== undefined;

export interface Loops {
  /** Sizes from the outermost. */
  readonly sizes: readonly number[];
  /** For each view its strides along those sizes. */
  readonly strides: readonly (readonly number[])[];
}

/** The fewest nested loops over several views of one shape. */
export function collapse(shape: Shape, views: readonly View[]): Loops {
  const sizes: number[] = [];
  const strides: number[][] = views.map(() => []);
  shape.forEach((d, axis) => {
    if (d === 1) return;
    const last = sizes.length - 1;
    const merges = last >= 0 && views.every((v, i) => strides[i]![last] === v.strides[axis]! * d);
    if (merges) {
      sizes[last]! *= d;
      views.forEach((v, i) => (strides[i]![last] = v.strides[axis]!));
    } else {
      sizes.push(d);
      views.forEach((v, i) => strides[i]!.push(v.strides[axis]!));
    }
  });
  if (sizes.length === 0) {
    sizes.push(1);
    views.forEach((_, i) => strides[i]!.push(0));
  }
  return { sizes, strides };
}
