/** @file Sparse linear maps along an axis (average pooling, resizing, gather, flip, pad) and max pooling. */

import { sizeOf } from "../graph/shape.js";
import type { SparseMap } from "../graph/sparse-map.js";
import type { NodeOf } from "../graph/types.js";
import type { Lowering } from "./lowering.js";
import type { Params } from "./params.js";
import { ceil4, collapse, flipView, hasVec4Rows, type View } from "./view.js";
import { poolWindow } from "./window.js";

const WORKGROUP = 64;

export function lowerResample(ctx: Lowering, node: NodeOf<"resample">): View {
  const { axis, map } = node.attrs;
  return isFlip(map) ? flipView(ctx.value(node.inputs[0]!), axis) : applyMap(ctx, node, axis, map);
}

/** Reversing an axis is a view. */
const isFlip = (map: SparseMap): boolean =>
  map.taps === 1 &&
  map.inSize === map.outSize &&
  map.index.every((from, i) => from === map.inSize - 1 - i && map.weight[i] === 1);

export function lowerPad(ctx: Lowering, node: NodeOf<"pad">): View {
  const { axis, low } = node.attrs;
  const inSize = node.inputs[0]!.shape[axis]!;
  const outSize = node.shape[axis]!;
  const index = new Int32Array(outSize);
  const weight = new Float32Array(outSize);
  for (let i = 0; i < inSize; i++) {
    index[i + low] = i;
    weight[i + low] = 1;
  }
  return applyMap(ctx, node, axis, { inSize, outSize, taps: 1, index, weight });
}

/** For each term its index and the bits of its weight. */
function tableOf({ index, weight }: SparseMap): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(index.length * 2);
  const floats = new Float32Array(words.buffer);
  index.forEach((from, i) => {
    words[2 * i] = from;
    floats[2 * i + 1] = weight[i]!;
  });
  return words;
}

/** The axes before or after the mapped one as the fewest loops over both views. `padded`: the rows' padding is moved too. */
function sideOf(
  [from, to]: readonly [View, View],
  padded: boolean,
  start: number,
  end?: number,
): ReturnType<typeof collapse> {
  const last = to.shape.length - 1;
  const part = (v: View): View => ({
    ...v,
    // Moving the padding leaves no gaps between the rows.
    shape: v.shape.map((d, i) => (i === last && padded && d > 1 ? ceil4(d) : d)).slice(start, end),
    strides: v.strides.slice(start, end),
  });
  return collapse(part(to).shape, [part(from), part(to)]);
}

function applyMap(
  ctx: Lowering,
  node: NodeOf<"resample"> | NodeOf<"pad">,
  axis: number,
  map: SparseMap,
): View {
  let x = ctx.value(node.inputs[0]!);
  const padded = axis !== node.shape.length - 1;
  const before = (to: View) => sideOf([x, to], padded, 0, axis);
  const after = (to: View) => sideOf([x, to], padded, axis + 1);
  const fits = (to: View): boolean => before(to).sizes.length === 1 && after(to).sizes.length === 1;
  if (!fits(ctx.allocate(node.shape))) x = ctx.copy(x, node.path);
  const table = ctx.table(map, () => tableOf(map));
  return ctx.produce(node, [x], fits, (out) => {
    const outer = before(out);
    const inner = after(out);
    const innerStrides = [inner.strides[0]![0]!, inner.strides[1]![0]!] as const;
    const vector =
      innerStrides.every((s) => s === 1) &&
      inner.sizes[0]! % 4 === 0 &&
      [x.offset, out.offset, x.strides[axis]!, out.strides[axis]!, ...outer.strides.flat()].every(
        (s) => s % 4 === 0,
      );
    const unit = vector ? 4 : 1;
    const innerSize = inner.sizes[0]! / unit;
    const count = outer.sizes[0]! * map.outSize * innerSize;
    const operand = (view: View, k: number): Params => ({
      offset: view.offset / unit,
      outer: outer.strides[k]![0]! / unit,
      axis: view.strides[axis]! / unit,
      inner: vector ? 1 : innerStrides[k]!,
    });
    return {
      family: "resample",
      shader: "resample",
      spec: { constants: { Elem: vector ? "vec4f" : "f32" } },
      output: out.slot,
      inputs: [x.slot, table],
      uniforms: {
        count,
        inner: innerSize,
        size: map.outSize,
        taps: map.taps,
        x: operand(x, 0),
        result: operand(out, 1),
      },
      groups: Math.ceil(count / WORKGROUP),
      flops: 2 * count * unit * map.taps,
    };
  });
}

export function lowerMaxPool(ctx: Lowering, node: NodeOf<"maxPick"> | NodeOf<"maxPut">): View {
  const { kernel } = node.attrs;
  const x = ctx.vec4Rows(ctx.value(node.inputs[0]!), node.path);
  const v = ctx.vec4Rows(ctx.value(node.inputs[1]!), node.path);
  const channels = node.shape.at(-1)!;
  const put = node.op === "maxPut";
  return ctx.produce(node, [x, v], hasVec4Rows, (out) => {
    const channels4 = Math.ceil(channels / 4);
    const count = (sizeOf(node.shape) / channels) * channels4;
    // A saved activation has batch 1 and serves every target.
    const operand = (view: View): Params => ({
      offset: view.offset / 4,
      batch: (view.shape[0] === 1 ? 0 : view.strides[0]!) / 4,
      row: view.strides[1]! / 4,
      pixel: view.strides[2]! / 4,
    });
    return {
      family: "pool",
      shader: "max-pool",
      spec: { constants: { PUT: put } },
      output: out.slot,
      inputs: [x.slot, v.slot],
      uniforms: {
        count,
        channels4,
        x: operand(x),
        v: operand(v),
        result: operand(out),
        window: poolWindow(node),
      },
      groups: Math.ceil(count / WORKGROUP),
      flops: count * 4 * kernel[0] * kernel[1] * (put ? kernel[0] * kernel[1] : 1),
    };
  });
}
