/** @file Sums and maxima over axes, and the row-wise ops softmax and normalize. */

import { sizeOf } from "../graph/shape.js";
import type { NodeOf } from "../graph/types.js";
import { isParallel } from "./gemm-variants.js";
import type { Lowering } from "./lowering.js";
import type { Step } from "./step.js";
import { collapse, hasEvenRows, rowStride, type Loops, type View } from "./view.js";

const WORKGROUP = 64;
/** Loops that Params of shaders/reduce.wgsl holds. */
const MAX_LOOPS = 4;

type Reduction = NodeOf<"reduceSum"> | NodeOf<"reduceMax">;

export function lowerReduce(ctx: Lowering, node: Reduction): View {
  const pick = (view: View, reduced: boolean): View => {
    const at = [...view.shape.keys()].filter((i) => node.attrs.axes.includes(i) === reduced);
    return { ...view, shape: at.map((i) => view.shape[i]!), strides: at.map((i) => view.strides[i]!) };
  };
  let x = ctx.value(node.inputs[0]!);
  const reducedOf = (view: View): Loops => collapse(pick(view, true).shape, [pick(view, true)]);
  const keptOf = (from: View, to: View): Loops =>
    collapse(pick(from, false).shape, [pick(from, false), pick(to, false)]);
  const fits = (to: View): boolean => keptOf(x, to).sizes.length <= MAX_LOOPS;
  if (reducedOf(x).sizes.length > MAX_LOOPS || !fits(ctx.allocate(node.shape))) x = ctx.copy(x, node.path);
  return ctx.produce(node, [x], fits, (out) => reduceStep(ctx, node, x, out, keptOf(x, out), reducedOf(x)));
}

function reduceStep(
  ctx: Lowering,
  node: Reduction,
  x: View,
  out: View,
  kept: Loops,
  reduced: Loops,
): Omit<Step, "label"> {
  const mode = vectorMode(x, kept, reduced);
  const keptUnit = mode === 1 ? 4 : 1;
  const reducedUnit = mode === 2 ? 4 : 1;
  const unit = keptUnit * reducedUnit;
  const results = sizeOf(kept.sizes) / keptUnit;
  const terms = sizeOf(reduced.sizes) / reducedUnit;
  const few = isParallel(ctx.traits) ? 16384 : 16;
  const lanes = results < few && terms >= 2 * WORKGROUP ? WORKGROUP : 1;
  return {
    family: "reduce",
    shader: "reduce",
    spec: {
      constants: {
        Elem: unit === 1 ? "f32" : "vec4f",
        MODE: mode,
        MAXIMUM: node.op === "reduceMax",
        LANES: lanes,
        KEPT: Math.max(kept.sizes.length, 1),
        REDUCED: Math.max(reduced.sizes.length, 1),
      },
    },
    output: out.slot,
    inputs: [x.slot],
    uniforms: {
      results,
      terms,
      inOffset: x.offset / unit,
      outOffset: out.offset,
      keptSize: fromInnermost(kept.sizes, 1, 1 / keptUnit),
      keptIn: fromInnermost(kept.strides[0]!, 0, keptUnit, unit),
      keptOut: fromInnermost(kept.strides[1]!, 0, keptUnit),
      reducedSize: fromInnermost(reduced.sizes, 1, 1 / reducedUnit),
      reducedIn: fromInnermost(reduced.strides[0]!, 0, reducedUnit, unit),
    },
    groups: Math.ceil((results * lanes) / WORKGROUP),
    flops: sizeOf(node.inputs[0]!.shape),
  };
}

/** MAX_LOOPS numbers from those of loops: the innermost times `factor`, each divided by `unit`. */
const fromInnermost = (loops: readonly number[], fill: number, factor: number, unit = 1): number[] => {
  const reversed = [...loops].reverse().map((n, i) => (i === 0 ? n * factor : n) / unit);
  return [...reversed, fill, fill, fill].slice(0, MAX_LOOPS);
};

/** 1: loads four kept neighbours together; 2: four reduced ones; 0: scalars (shaders/reduce.wgsl). */
function vectorMode(x: View, kept: Loops, reduced: Loops): 0 | 1 | 2 {
  const aligned = (dense: Loops, other: Loops): boolean =>
    x.offset % 4 === 0 &&
    dense.strides[0]!.at(-1) === 1 &&
    dense.sizes.at(-1)! % 4 === 0 &&
    dense.strides[0]!.slice(0, -1).every((s) => s % 4 === 0) &&
    other.strides[0]!.every((s) => s % 4 === 0);
  // The result of mode 1 must be dense too: its innermost kept axis is the same one.
  if (aligned(kept, reduced) && kept.strides[1]!.at(-1) === 1) return 1;
  return aligned(reduced, kept) ? 2 : 0;
}

export function lowerRows(ctx: Lowering, node: NodeOf<"softmax"> | NodeOf<"normalize">): View {
  const x = ctx.evenRows(ctx.value(node.inputs[0]!), node.path);
  const columns = node.shape.at(-1)!;
  const rows = sizeOf(node.shape) / columns;
  const lanes = isParallel(ctx.traits) ? WORKGROUP : 1;
  return ctx.produce(node, [x], hasEvenRows, (out) => ({
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
