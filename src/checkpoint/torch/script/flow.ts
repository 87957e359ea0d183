/** @file Abstract values of TorchScript's code: constants, modules, and the modules that each tensor comes from. */

import type { Json } from "../../json.js";
import type { PyRecord } from "../../pickle/values.js";

/** The origin of a tensor. */
export interface Flow {
  readonly kind: "flow";
  /** Paths of the modules whose outputs it is computed from; "" for the network's input. */
  readonly inputs: ReadonlySet<string>;
  /** Functions applied outside of those modules: "relu", "cat". */
  readonly ops: ReadonlySet<string>;
  /** For a weight: the path of its module, which may be used without a call. */
  readonly owner?: string;
}

export type Value =
  | Flow
  | { readonly kind: "constant"; readonly value: Json }
  | { readonly kind: "module"; readonly path: string; readonly record: PyRecord }
  | { readonly kind: "function"; readonly name: string }
  | { readonly kind: "items"; readonly items: Value[] };

const NONE: ReadonlySet<string> = new Set();

/** A number or a flag that depends on the input's size, or a weight. */
export const UNKNOWN: Flow = { kind: "flow", inputs: NONE, ops: NONE };

export const constant = (value: Json): Value => ({ kind: "constant", value });

export const from = (path: string): Flow => ({ kind: "flow", inputs: new Set([path]), ops: NONE });

/** Joins the origins of several values, and adds one op. */
export function merged(values: readonly Value[], op?: string): Flow {
  const inputs = new Set<string>();
  const ops = new Set<string>();
  const visit = (value: Value): void => {
    if (value.kind === "items") value.items.forEach(visit);
    if (value.kind !== "flow") return;
    value.inputs.forEach((path) => inputs.add(path));
    value.ops.forEach((name) => ops.add(name));
  };
  values.forEach(visit);
  if (inputs.size === 0) return UNKNOWN;
  if (op !== undefined) ops.add(op);
  return { kind: "flow", inputs, ops };
}

/** A value as plain data; undefined for any other value. */
export function plain(value: Value | undefined): Json | undefined {
  if (value?.kind === "constant") return value.value;
  if (value?.kind !== "items") return undefined;
  const items = value.items.map(plain);
  return items.every((item) => item !== undefined) ? items : undefined;
}
