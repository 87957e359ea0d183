/** @file Sums and maxima over axes, and the row-wise ops softmax and normalize. */

import { sizeOf } from "../graph/shape.js";
import type { NodeOf } from "../graph/types.js";
import { isParallel } from "./gemm-variants.js";
import type { Lowering } from "./lowering.js";
import { collapse, hasVec4Rows, rowStride, type Loops, type View } from "./view.js";

const WORKGROUP = 64;
/** Loops that Params of shaders/reduce.wgsl holds. */
const MAX_LOOPS = 4;

export function lowerReduce(ctx: Lowering, node: NodeOf<"reduceSum"> | NodeOf<"reduceMax">): View {
  const { axes } = node.attrs;
  const [xNode] = node.inputs;
  const isKept = (axis: number): boolean => !axes.includes(axis);
  const pick = (view: View, kept: boolean): View => {
    const at = view.shape.map((_, i) => i).filter((i) => isKept(i) === kept);
    return { ...view, shape: at.map((i) => view.shape[i]!), strides: at.map((i) => view.strides[i]!) };
  };
  let x = ctx.value(xNode!);
  const reducedOf = (view: View): Loops => collapse(pick(view, false).shape, [pick(view, false)]);
  const keptOf = (from: View, to: View): Loops =>
    collapse(pick(from, true).shape, [pick(from, true), pick(to, true)]);
  const fits = (to: View): boolean => keptOf(x, to).sizes.length <= MAX_LOOPS;
  if (reducedOf(x).sizes.length > MAX_LOOPS || !fits(ctx.allocate(node.shape))) x = ctx.copy(x, node.path);
  return ctx.produce(node, [x], fits, (out) => {
    const kept = keptOf(x, out);
    const reduced = reducedOf(x);
    const mode = vectorMode(x, kept, reduced);
    const unit = mode === 0 ? 1 : 4;
    const results = sizeOf(kept.sizes) / (mode === 1 ? 4 : 1);
    const terms = sizeOf(reduced.sizes) / (mode === 2 ? 4 : 1);
    const few = isParallel(ctx.traits) ? 16384 : 16;
    const lanes = results < few && terms >= 2 * WORKGROUP ? WORKGROUP : 1;
    // Loops from the innermost; the one that is walked by vec4s counts them.
    const loop = (values: readonly number[], scaleInner: number, scaleAll: number): number[] => {
      const reversed = [...values].reverse().map((v, i) => (i === 0 ? v * scaleInner : v) / scaleAll);
      return [...reversed, 0, 0, 0].slice(0, MAX_LOOPS);
    };
    const sizes = (loops: Loops, vectors: boolean): number[] => {
      const reversed = [...loops.sizes].reverse();
      if (vectors) reversed[0]! /= 4;
      return [...reversed, 1, 1, 1].slice(0, MAX_LOOPS);
    };
    return {
      family: "reduce",
      shader: "reduce",
      spec: {
        constants: {
          Elem: mode === 0 ? "f32" : "vec4f",
          MODE: mode,
          MAXIMUM: node.op === "reduceMax",
          LANES: lanes,
        },
      },
      output: out.slot,
      inputs: [x.slot],
      uniforms: {
        results,
        terms,
        inOffset: x.offset / unit,
        outOffset: out.offset,
        keptSize: sizes(kept, mode === 1),
        keptIn: loop(kept.strides[0]!, mode === 1 ? 4 : 1, unit),
        keptOut: loop(kept.strides[1]!, mode === 1 ? 4 : 1, 1),
        reducedSize: sizes(reduced, mode === 2),
        reducedIn: loop(reduced.strides[0]!, mode === 2 ? 4 : 1, unit),
      },
      groups: Math.ceil((results * lanes) / WORKGROUP),
      flops: sizeOf(xNode!.shape),
    };
  });
}

/** 1: four kept neighbours are loaded together; 2: four reduced ones; 0: scalars (shaders/reduce.wgsl). */
function vectorMode(x: View, kept: Loops, reduced: Loops): 0 | 1 | 2 {
  const aligned = (dense: Loops, other: Loops): boolean =>
    x.offset % 4 === 0 &&
    dense.strides[0]!.at(-1) === 1 &&
    dense.sizes.at(-1)! % 4 === 0 &&
    dense.strides[0]!.slice(0, -1).every((s) => s % 4 === 0) &&
    other.strides[0]!.every((s) => s % 4 === 0);
  // The result of mode 1 lies densely too: its innermost kept axis is the same one.
  if (aligned(kept, reduced) && kept.strides[1]!.at(-1) === 1) return 1;
  return aligned(reduced, kept) ? 2 : 0;
}

const isRows = (view: View): boolean => hasVec4Rows(view) && rowStride(view) !== undefined;

export function lowerRows(ctx: Lowering, node: NodeOf<"softmax"> | NodeOf<"normalize">): View {
  const given = ctx.value(node.inputs[0]!);
  const x = isRows(given) ? given : ctx.copy(given, node.path);
  const columns = node.shape.at(-1)!;
  const rows = sizeOf(node.shape) / columns;
  const lanes = isParallel(ctx.traits) ? WORKGROUP : 1;
  return ctx.produce(node, [x], isRows, (out) => ({
    family: "rows",
    shader: "rows",
    spec: { constants: { NORMALIZE: node.op === "normalize", LANES: lanes, TAIL: columns % 4 !== 0 } },
    output: out.slot,
    inputs: [x.slot],
    uniforms: {
      rows,
      columns,
      inOffset: x.offset / 4,
      inRow: rowStride(x)! / 4,
      outOffset: out.offset / 4,
      outRow: rowStride(out)! / 4,
      eps: node.op === "normalize" ? node.attrs.eps : 0,
    },
    groups: Math.ceil((rows * lanes) / WORKGROUP),
    flops: 5 * sizeOf(node.shape),
  }));
}
