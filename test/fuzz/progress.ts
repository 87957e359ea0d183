/**
 * @file How far a fuzzing process is: a file that it writes before each case, so that the one that watches it knows the case
 * that it hangs at, or that ended it.
 */

import { readSync, writeSync } from "node:fs";

const FIELDS = ["number", "cases", "read", "slowestNumber", "slowestMs", "peakBytes", "over"] as const;

/** `over` is 1 where no case is left to run. */
export type Progress = Record<(typeof FIELDS)[number], number>;

export const noProgress = (): Progress =>
  Object.fromEntries(FIELDS.map((field) => [field, 0])) as Record<(typeof FIELDS)[number], number>;

export function writeProgress(file: number, progress: Progress): void {
  writeSync(
    file,
    Float64Array.from(FIELDS, (field) => progress[field]),
    0,
    8 * FIELDS.length,
    0,
  );
}

/** Undefined before the first case. */
export function readProgress(file: number): Progress | undefined {
  const values = new Float64Array(FIELDS.length);
  if (readSync(file, values, 0, values.byteLength, 0) < values.byteLength) return undefined;
  return Object.fromEntries(FIELDS.map((field, i) => [field, values[i]])) as Progress;
}
