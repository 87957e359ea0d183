/** @file Converts scalars of a pickle to JSON values, including those in a record: a configuration's node, an enum's member. */

import type { Json } from "../json.js";
import { PyGlobal, PyRecord, type PyValue } from "../pickle/values.js";

const LONGEST_TEXT = 20_000;

/** Private attributes that hold a record's value in OmegaConf's and MMEngine's configurations. */
const HOLDERS = ["_content", "_val", "_cfg_dict"] as const;
export const isNumber = (value: PyValue): value is number => typeof value === "number";

/** The value of a configuration's record; any other value unchanged. */
export function heldBy(value: PyValue): PyValue {
  if (!(value instanceof PyRecord)) return value;
  for (const holder of HOLDERS) {
    const held = value.attribute(holder);
    if (held !== undefined) return held;
  }
  return value;
}

export function scalarOf(held: PyValue): Json | undefined {
  const value = heldBy(held);
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value === "string") return value.length <= LONGEST_TEXT ? value : undefined;
  if (value instanceof PyGlobal) return value.name;
  if (value instanceof PyRecord) return enumValue(value) ?? calledIn(value);
  return undefined;
}

/** A member of an enum, such as torchvision's InterpolationMode: a call with its value. */
function enumValue({ args, state, entries, items }: PyRecord): Json | undefined {
  if (state !== null || entries.size > 0 || items.length > 0) return undefined;
  if (!Array.isArray(args) || args.length !== 1) return undefined;
  const [only] = args;
  return typeof only === "string" || typeof only === "number" ? scalarOf(only) : undefined;
}

/** The function that functools.partial calls. */
export function calledIn({ className, args }: PyRecord): string | undefined {
  const called = className === "functools.partial" && Array.isArray(args) ? args[0] : undefined;
  return called instanceof PyGlobal ? called.name : undefined;
}
