/** @file Abstract values of TorchScript's code: constants, modules, and the modules that each tensor comes from. */

import type { Json } from "../../json.js";
import { PyRecord, type PyValue } from "../../pickle/values.js";
import type { FileOp } from "../../types.js";
import type { Reads } from "./reads.js";
import { functionTerm, joinedTerms, NO_TERMS, termOf, type Terms } from "./terms.js";

/** The origin of a tensor. */
export interface Flow extends Reads {
  readonly kind: "flow";
  /** For a weight: the path of its module, which may be used without a call. */
  readonly owner?: string;
}

export type Value =
  | Flow
  | { readonly kind: "constant"; readonly value: Json }
  | { readonly kind: "module"; readonly path: string; readonly record: PyRecord }
  | { readonly kind: "function"; readonly name: string }
  | { readonly kind: "items"; readonly items: Value[] };

const NONE: ReadonlySet<never> = new Set();

/** A number or a flag that depends on the input's size, or a weight. */
export const UNKNOWN: Flow = { kind: "flow", inputs: NONE, ops: NONE, terms: NO_TERMS };

export const constant = (value: Json): Value => ({ kind: "constant", value });

export const from = (path: string): Flow => ({
  kind: "flow",
  inputs: new Set([path]),
  ops: NONE,
  terms: termOf(path),
});

/** Functions whose result holds each part of their input once: sums, means, moves. */
const LINEAR =
  /^(?:r?sub|mul|div|sum|mean|cat|concat|stack|adaptive_avg_pool2d|avg_pool2d|roll|pad|constant_pad_nd|upsample_\w+|interpolate|b?matmul|mm|bmm|linear|repeat|index|index_select|masked_fill|alias|copy)(?: value)?$/;

/** With several values of the network, the result of these is a product or another function. */
const OF_ONE = /^(?:r?sub|mul|div|b?matmul|mm|bmm|linear)/;

function termsOf(values: readonly Flow[], op: string): Terms {
  const all = values.map(({ terms }) => terms).filter(({ size }) => size > 0);
  if (/^add(?: |$)/.test(op)) return joinedTerms(all, "sum");
  if (!LINEAR.test(op) || (all.length > 1 && OF_ONE.test(op))) return functionTerm(all);
  return joinedTerms(all, "beside");
}

/** Joins the origins of several values, and adds one op. */
export function merged(values: readonly Value[], op?: string): Flow {
  const inputs = new Set<string>();
  const ops = new Set<FileOp>();
  const visit = (value: Value): void => {
    if (value.kind === "items") value.items.forEach(visit);
    if (value.kind !== "flow") return;
    value.inputs.forEach((path) => inputs.add(path));
    value.ops.forEach((name) => ops.add(name));
  };
  values.forEach(visit);
  if (inputs.size === 0) return UNKNOWN;
  const flows = values.map(asFlow);
  if (op === undefined) return { kind: "flow", inputs, ops, terms: beside(flows) };
  ops.add({ name: op });
  return { kind: "flow", inputs, ops, terms: termsOf(flows, op) };
}

const beside = (flows: readonly Flow[]): Terms =>
  joinedTerms(
    flows.map(({ terms }) => terms),
    "beside",
  );

function asFlow(value: Value): Flow {
  if (value.kind === "flow") return value;
  return value.kind === "items" ? { ...UNKNOWN, terms: beside(value.items.map(asFlow)) } : UNKNOWN;
}

/** A value as plain data; undefined for any other value. */
export function plainData(value: Value | undefined): Json | undefined {
  if (value?.kind === "constant") return value.value;
  if (value?.kind !== "items") return undefined;
  const items = value.items.map(plainData);
  return items.every((item) => item !== undefined) ? items : undefined;
}

export const ownerOf = (value: Value): string | undefined =>
  value.kind === "flow" ? value.owner : undefined;

/** The number of values, counted up to `most`. */
export function itemCount({ items }: Value & { kind: "items" }, most: number): number {
  let size = 0;
  for (const item of items) {
    size += item.kind === "items" ? itemCount(item, most - size) : 1;
    if (size > most) break;
  }
  return size;
}

export const returnsSeveral = (value: Value): boolean => value.kind === "items" && value.items.length === 2;

/** Longer or deeper lists are not settings. */
const MAX_ATTRIBUTE = { length: 64, depth: 3 };

export function valueOf(value: PyValue | undefined, path: string, depth = 0): Value {
  if (value === null || typeof value === "boolean" || typeof value === "number" || typeof value === "string")
    return constant(value);
  if (value instanceof PyRecord) return { kind: "module", path, record: value };
  if (Array.isArray(value) && value.length <= MAX_ATTRIBUTE.length && depth < MAX_ATTRIBUTE.depth)
    return { kind: "items", items: value.map((item) => valueOf(item, path, depth + 1)) };
  return UNKNOWN;
}

export const nameIn = (value: Value): string => {
  const name = plainData(value);
  return typeof name === "string" ? name : "";
};
