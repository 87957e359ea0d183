/** @file Reads class names from lists, and from tables of names and indexes. */

import type { Json } from "../../checkpoint/json.js";

/**
 * The names in order; undefined for an incomplete list. A table is `{"cat": 0, "dog": 1}` (torchvision's
 * class_to_idx) or `{"0": "cat", "1": "dog"}` (id2label): the numbers are the values where both could be numbers.
 */
export function labelsIn(value: Json): string[] | undefined {
  if (Array.isArray(value)) {
    const names = value.filter((one) => typeof one === "string");
    return names.length === value.length && isComplete(names) ? names : undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const entries = Object.entries(value);
  const ofIndex = new Map<number, string>();
  const byName = entries.every(([, one]) => typeof one === "number");
  for (const [key, one] of entries) {
    const [index, name] = byName ? [one as number, key] : [Number(key), one];
    if (typeof name !== "string" || ofIndex.has(index)) return undefined;
    ofIndex.set(index, name);
  }
  const names = entries.map((_, i) => ofIndex.get(i));
  return names.every((name) => name !== undefined) && isComplete(names) ? names : undefined;
}

/** Labels of samples repeat, those of classes don't. */
const isComplete = (names: readonly string[]): boolean =>
  names.length > 0 && new Set(names).size === names.length;
