/** @file Pointwise clusters and copies: one generated kernel over strided operands. */

import { clusterCode } from "./pointwise-wgsl.js";
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

interface Code {
  readonly lines: readonly string[];
  readonly result: string;
  readonly uses: readonly string[];
}

type MakeCode = (type: "f32" | "vec4f", valueOf: (operand: number) => string) => Code;

function elementwiseStep(output: View, operands: readonly View[], makeCode: MakeCode) {
  const all = [output, ...operands];
  const loops = collapse(output.shape, all);
  const vector = isVector(loops, all);
  const inner = loops.sizes.length - 1;
  const sizes = loops.sizes.map((d, i) => (vector && i === inner ? d / 4 : d));
  const count = sizes.reduce((product, d) => product * d, 1);
  // Operand 0 is the result. Offsets and strides count vec4s where an operand is loaded so.
  const uniforms: Record<string, number> = { count };
  const param = (name: string, value: number): string => {
    uniforms[name] = value;
    return `params.${name}`;
  };
  const lines = [`  let rest${inner} = i;`];
  for (let axis = inner; axis > 0; axis--) {
    const [size, rest, next] = [param(`size${axis}`, sizes[axis]!), `rest${axis}`, `rest${axis - 1}`];
    lines.push(`  let ${next} = divide(${rest}, ${size});`, `  let i${axis} = ${rest} - ${next} * ${size};`);
  }
  lines.push("  let i0 = rest0;");
  const address = (k: number): string => {
    const unit = loadsVectors(k, loops, vector) ? 4 : 1;
    const terms = [param(`offset${k}`, all[k]!.offset / unit)];
    sizes.forEach((_, axis) => {
      const stride = loops.strides[k]![axis]!;
      if (stride === 0) return;
      // An index along a vectorised axis counts vec4s already.
      const scaled = vector && axis === inner ? (stride * 4) / unit : stride / unit;
      terms.push(scaled === 1 ? `i${axis}` : `i${axis} * ${param(`stride${k}_${axis}`, scaled)}`);
    });
    return terms.join(" + ");
  };
  const type = vector ? "vec4f" : "f32";
  const declarations = operands.map(
    (_, k) =>
      `@group(0) @binding(${k + 2}) var<storage, read> x${k}: array<${loadsVectors(k + 1, loops, vector) ? "vec4f" : "f32"}>;`,
  );
  const loads = operands.map((_, k) => `  let a${k} = ${type}(x${k}[${address(k + 1)}]);`);
  const code = makeCode(type, (k) => `a${k}`);
  const element = [
    ...[...code.uses, "divide"].map((part) => `//@use common/${part}`),
    ...declarations,
    "fn element(i: u32) {",
    ...lines,
    ...loads,
    ...code.lines.map((line) => `  ${line}`),
    `  result[${address(0)}] = ${code.result};`,
    "}",
  ].join("\n");
  const fields = Object.keys(uniforms).map((name) => `${name}: u32`);
  return {
    family: "pointwise" as const,
    shader: "pointwise" as const,
    spec: {
      constants: { Elem: type },
      hooks: { Params: `struct Params { ${fields.join(", ")} }`, element },
    },
    output: output.slot,
    inputs: operands.map((v) => v.slot),
    uniforms,
    groups: Math.ceil(count / 64),
    flops: count * (vector ? 4 : 1) * Math.max(1, code.lines.length),
  };
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

const loadsVectors = (k: number, loops: Loops, vector: boolean): boolean =>
  vector && loops.strides[k]!.at(-1) === 1;
