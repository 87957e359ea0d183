/** @file Strided views against what they mean: every element's address, by enumeration. */

import { describe, expect, it } from "vitest";
import { sizeOf, type Shape } from "../../src/graph/shape.js";
import {
  broadcastView,
  collapse,
  flipView,
  hasVec4Rows,
  reshapeView,
  rowStride,
  sliceView,
  transposeView,
  viewOf,
  type View,
} from "../../src/kernels/view.js";

const slot = { kind: "temp", size: 1000, name: "" } as const;

/** The addresses of all elements in row-major order. */
function addresses(view: View): number[] {
  const result: number[] = [];
  const walk = (axis: number, at: number): void => {
    if (axis === view.shape.length) result.push(at);
    else for (let i = 0; i < view.shape[axis]!; i++) walk(axis + 1, at + i * view.strides[axis]!);
  };
  walk(0, view.offset);
  return result;
}

const VIEWS: readonly [string, View][] = [
  ["plain", viewOf(slot, [2, 3, 8])],
  ["ragged rows", viewOf(slot, [2, 3, 5])],
  ["a slice of columns", sliceView(viewOf(slot, [2, 3, 8]), 2, 4, 8)],
  ["transposed", transposeView(viewOf(slot, [2, 3, 8]), [1, 0, 2])],
  ["flipped", flipView(viewOf(slot, [2, 3, 8]), 1)],
  ["repeated", broadcastView(viewOf(slot, [1, 8]), [2, 3, 8])],
  ["single axes", viewOf(slot, [1, 6, 1, 8])],
];

const SHAPES: readonly Shape[] = [
  [6, 8],
  [48],
  [2, 24],
  [2, 3, 2, 4],
  [6, 2, 4, 1],
  [3, 2, 8],
  [30],
  [6, 5],
  [2, 15],
  [6, 4],
];

describe.each(VIEWS)("%s", (_, view) => {
  it("the view is reshaped only where the elements' order allows it", () => {
    for (const shape of SHAPES.filter((s) => sizeOf(s) === sizeOf(view.shape))) {
      const reshaped = reshapeView(view, shape);
      if (reshaped) expect(addresses(reshaped)).toEqual(addresses(view));
    }
    const same = reshapeView(view, view.shape);
    expect(same && addresses(same)).toEqual(addresses(view));
  });

  it("the view has a row stride only where rows are evenly apart", () => {
    const stride = rowStride(view);
    const columns = view.shape.at(-1)!;
    const starts = addresses(view).filter((__, i) => i % columns === 0);
    const even = starts.every((s, i) => i === 0 || s - starts[i - 1]! === starts[1]! - starts[0]!);
    if (stride === undefined) expect(even).toBe(false);
    else expect(starts).toEqual(starts.map((__, i) => starts[0]! + i * stride));
  });

  it("the view's loops reach every element", () => {
    const { sizes, strides } = collapse(view.shape, [view]);
    expect(addresses({ ...view, shape: sizes, strides: strides[0]! })).toEqual(addresses(view));
  });

  it("the view says truly whether vec4s can be loaded", () => {
    const columns = view.shape.at(-1)!;
    const rows = addresses(view).filter((__, i) => i % columns === 0);
    const dense = view.strides.at(-1) === 1;
    expect(hasVec4Rows(view)).toBe(dense && rows.every((r) => r % 4 === 0));
  });
});

it("a dense view's rows are merged, and a ragged one's are not", () => {
  expect(reshapeView(viewOf(slot, [2, 3, 8]), [48])).toBeDefined();
  expect(reshapeView(viewOf(slot, [2, 3, 5]), [30])).toBeUndefined();
});
