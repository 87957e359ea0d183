/** @file Ops that only move elements. */

import { contiguousStrides, sizeOf } from "../../src/graph/shape.js";
import { broadcastStrides, gatherStrided, nd, type NdF64 } from "./array.js";
import type { Ref } from "./ref.js";

const reshape: Ref<"reshape"> = ({ shape }, [x]) => nd(shape, x!.data);

const transpose: Ref<"transpose"> = ({ attrs: { perm } }, [x]) => {
  const strides = contiguousStrides(x!.shape);
  return gatherStrided(
    x!,
    perm.map((axis) => x!.shape[axis]!),
    perm.map((axis) => strides[axis]!),
  );
};

const slice: Ref<"slice"> = ({ attrs: { axis, start, end } }, [x]) => {
  const strides = contiguousStrides(x!.shape);
  const shape = x!.shape.map((d, i) => (i === axis ? end - start : d));
  return gatherStrided(x!, shape, strides, start * strides[axis]!);
};

/** Copies arrays behind each other along an axis; their positions there are given. */
function placed(shape: readonly number[], axis: number, parts: readonly { x: NdF64; at: number }[]): NdF64 {
  const y = nd(shape);
  const inner = sizeOf(shape.slice(axis + 1));
  const outer = sizeOf(shape.slice(0, axis));
  for (const { x, at } of parts) {
    const run = x.shape[axis]! * inner;
    for (let o = 0; o < outer; o++) {
      y.data.set(x.data.subarray(o * run, (o + 1) * run), (o * shape[axis]! + at) * inner);
    }
  }
  return y;
}

const pad: Ref<"pad"> = ({ attrs: { axis, low, high } }, [x]) =>
  placed(
    x!.shape.map((d, i) => (i === axis ? low + d + high : d)),
    axis,
    [{ x: x!, at: low }],
  );

const concat: Ref<"concat"> = ({ attrs: { axis } }, inputs) => {
  let size = 0;
  const parts = inputs.map((x) => {
    const at = size;
    size += x.shape[axis]!;
    return { x, at };
  });
  return placed(
    inputs[0]!.shape.map((d, i) => (i === axis ? size : d)),
    axis,
    parts,
  );
};

const broadcast: Ref<"broadcast"> = ({ shape }, [x]) =>
  gatherStrided(x!, shape, broadcastStrides(x!.shape, shape));

export const LAYOUT = { reshape, transpose, slice, pad, concat, broadcast };
