/** @file The cluster that rides on a kernel's store: its other operands and its code. */

import { sizeOf } from "../graph/shape.js";
import type { Node } from "../graph/types.js";
import { clusterCode } from "./pointwise-wgsl.js";
import type { Cluster } from "./fuse.js";
import type { Lowering } from "./lowering.js";
import type { Params } from "./params.js";
import { rowStride, type View } from "./view.js";

/** Length of `extra` in a kernel's Params. */
const MAX_EXTRAS = 5;

const UNUSED: Params = { offset: 0, row: 0, period: 1 };

export interface Extra {
  readonly node: Node;
  readonly view: View;
  readonly row: number;
  /** Rows after which the operand repeats. */
  readonly period: number;
}

export function epilogueOperands(ctx: Lowering, core: Node, cluster: Cluster): Extra[] {
  return [...cluster.inputs].map((node): Extra => {
    const view = ctx.evenRows(ctx.value(node), core.path);
    const rows = sizeOf(node.shape.slice(0, -1));
    return { node, view, row: rows === 1 ? 0 : rowStride(view)!, period: rows };
  });
}

export interface Epilogue {
  readonly core: Node;
  readonly cluster: Cluster;
  readonly extras: readonly Extra[];
}

export function epilogueCode({ core, cluster, extras }: Epilogue, rows: number): string {
  const code = clusterCode(cluster, "vec4f", (node) => {
    if (node === core) return "x";
    const i = extras.findIndex((e) => e.node === node);
    return `a${i}`;
  });
  const declarations = extras.map(
    (_, i) => `@group(0) @binding(${i + 4}) var<storage, read> e${i}: array<vec4f>;`,
  );
  const loads = extras.map((extra, i) => {
    const at = `params.extra[${i}]`;
    const row = extra.period === rows ? "row" : `(row % ${at}.period)`;
    return `  let a${i} = e${i}[${at}.offset + ${extra.row === 0 ? "" : `${row} * ${at}.row + `}column];`;
  });
  return [
    ...code.uses.map((part) => `//@use common/${part}`),
    ...declarations,
    "fn epilogue(x: vec4f, row: u32, column: u32) -> vec4f {",
    ...loads,
    ...code.lines.map((line) => `  ${line}`),
    `  return ${code.result};`,
    "}",
  ].join("\n");
}

/** `extra` of a kernel's Params. */
export const epilogueParams = (extras: readonly Extra[]): Params[] =>
  Array.from({ length: MAX_EXTRAS }, (_, i) => {
    const e = extras[i];
    return e ? { offset: e.view.offset / 4, row: e.row / 4, period: e.period } : UNUSED;
  });
