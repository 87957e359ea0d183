/** @file Pointwise clusters and copies: one generated kernel over strided operands. */

import { sizeOf } from "../graph/shape.js";
import { clusterCode, type ClusterCode } from "./pointwise-wgsl.js";
import type { Cluster } from "./fuse.js";
import { collapse, type Loops, type View } from "./view.js";

/** Computes a cluster's root. @param inputs its inputs in their order, broadcast to its shape */
export function pointwiseStep(cluster: Cluster, output: View, inputs: readonly View[]) {
  const operands = [...cluster.inputs];
  return elementwiseStep(output, inputs, (type, valueOf) =>
    clusterCode(cluster, type, (node) => valueOf(operands.indexOf(node))),
  );
}

/** Copies a view to another of the same shape. */
export const copyStep = (from: View, to: View) =>
  elementwiseStep(to, [from], (_, valueOf) => ({ lines: [], result: valueOf(0), uses: [] }));

type Elem = "f32" | "vec4f";
type MakeCode = (type: Elem, valueOf: (operand: number) => string) => ClusterCode;

function elementwiseStep(output: View, operands: readonly View[], makeCode: MakeCode) {
  const { elem, elemOf, uniforms, count, index, address } = walk([output, ...operands]);
  const declarations = operands.map(
    (_, k) => `@group(0) @binding(${k + 2}) var<storage, read> x${k}: array<${elemOf(k + 1)}>;`,
  );
  const loads = operands.map((_, k) => `let a${k} = ${elem}(x${k}[${address(k + 1)}]);`);
  const code = makeCode(elem, (k) => `a${k}`);
  const element = [
    ...[...code.uses, "divide"].map((part) => `//@use common/${part}`),
    ...declarations,
    "fn element(i: u32) {",
    ...[...index, ...loads, ...code.lines, `result[${address(0)}] = ${code.result};`].map(
      (line) => `  ${line}`,
    ),
    "}",
  ].join("\n");
  const fields = Object.keys(uniforms).map((name) => `${name}: u32`);
  return {
    family: "pointwise" as const,
    shader: "pointwise" as const,
    spec: {
      constants: { Elem: elem },
      hooks: { Params: `struct Params { ${fields.join(", ")} }`, element },
    },
    output: output.slot,
    inputs: operands.map((v) => v.slot),
    uniforms,
    groups: Math.ceil(count / 64),
    flops: count * (elem === "vec4f" ? 4 : 1) * Math.max(1, code.lines.length),
  };
}

/**
 * How element `i` is found in several views of one shape, of which the first is the result.
 * Offsets and strides count vec4s if the view is loaded so.
 */
function walk(views: readonly View[]) {
  const loops = collapse(views[0]!.shape, views);
  const vector = isVector(loops, views);
  const inner = loops.sizes.length - 1;
  const sizes = loops.sizes.map((d, i) => (vector && i === inner ? d / 4 : d));
  const count = sizeOf(sizes);
  const uniforms: Record<string, number> = { count };
  const param = (name: string, value: number): string => {
    uniforms[name] = value;
    return `params.${name}`;
  };
  const index = [`let rest${inner} = i;`];
  for (let axis = inner; axis > 0; axis--) {
    const [size, rest, next] = [param(`size${axis}`, sizes[axis]!), `rest${axis}`, `rest${axis - 1}`];
    index.push(`let ${next} = divide(${rest}, ${size});`, `let i${axis} = ${rest} - ${next} * ${size};`);
  }
  index.push("let i0 = rest0;");
  const loadsVectors = (k: number): boolean => vector && loops.strides[k]![inner] === 1;
  const address = (k: number): string => {
    const unit = loadsVectors(k) ? 4 : 1;
    const terms = loops.strides[k]!.flatMap((stride, axis) => {
      if (stride === 0) return [];
      // An index along a vectorised axis counts vec4s already.
      const scaled = vector && axis === inner ? (stride * 4) / unit : stride / unit;
      return scaled === 1 ? `i${axis}` : `i${axis} * ${param(`stride${k}_${axis}`, scaled)}`;
    });
    return [param(`offset${k}`, views[k]!.offset / unit), ...terms].join(" + ");
  };
  const elemOf = (k: number): Elem => (loadsVectors(k) ? "vec4f" : "f32");
  const elem: Elem = vector ? "vec4f" : "f32";
  return { elem, elemOf, uniforms, count, index, address };
}

/** Four neighbours along the innermost loop at once: the result lies densely there, each operand too or is constant. */
function isVector(loops: Loops, views: readonly View[]): boolean {
  const inner = loops.sizes.length - 1;
  if (loops.sizes[inner]! % 4 !== 0) return false;
  return views.every((view, k) => {
    const strides = loops.strides[k]!;
    if (strides[inner] === 0) return k > 0;
    return strides[inner] === 1 && view.offset % 4 === 0 && strides.slice(0, inner).every((s) => s % 4 === 0);
  });
}
