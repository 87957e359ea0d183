/** @file Checks the arguments of a constructor in a pickle: a hostile file may hold any value. */

import { isCount } from "../json.js";
import { badFile } from "../source.js";
import { Malformed, type PyValue } from "../pickle/values.js";
import { say } from "../../language/say.js";

export function asCount(value: PyValue | undefined, what: string): number {
  if (!isCount(value)) throw new Malformed(say`a tensor whose ${what} is not a count`);
  return value;
}

const MAX_AXES = 64;

export function asCounts(value: PyValue | undefined, what: string): number[] {
  if (!Array.isArray(value) || value.length > MAX_AXES || !value.every(isCount)) {
    throw new Malformed(say`a tensor whose ${what} is not a list of counts`);
  }
  return [...value];
}

/** Applies `read` to counts outside a pickle. @throws GradlensError "bad-file" for other values */
export function counted<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Malformed) throw badFile(file, say`describes ${error.message}: it is damaged`);
    throw error;
  }
}

export const sameCounts = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((n, i) => n === b[i]);

/** Strides of a row-major tensor, in elements. */
export function rowMajor(shape: readonly number[]): number[] {
  const strides: number[] = [];
  let step = 1;
  for (const n of [...shape].reverse()) {
    strides.unshift(step);
    step *= n;
  }
  return strides;
}
