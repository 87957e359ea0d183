/** @file A case as tools/make_mutations.py describes it, one a line. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Arch, HeadActivation } from "../../src/index.js";

interface Drawn {
  readonly case: number;
  readonly seed: number;
  readonly family: string;
  readonly change: string;
}

/** PyTorch itself could not run the changed network. */
export interface Unmade extends Drawn {
  readonly error: string;
}

export interface Case extends Drawn {
  readonly arch: Arch;
  readonly spelling: string;
  /** What was drawn, in words. */
  readonly said: string;
  readonly container: string;
  readonly file: string;
  /** Options that a user gives. */
  readonly args: {
    /** What the user says between the Linears of a head. */
    readonly headActivation?: HeadActivation;
    readonly size?: readonly [number, number];
    readonly arch?: Arch;
    readonly spelling?: string;
  };
  /** Of the picture that is fed, [height, width]. */
  readonly size: readonly [number, number];
  /**
   * "must": right, not refused; "either": right or refused; "refuse": what the file holds is no such network; "embedding": the
   * logits are what a classifier would read, and are right or refused.
   */
  readonly expect: "must" | "either" | "refuse" | "embedding";
  /** What the file says of pictures. */
  readonly settings: { readonly mean?: readonly number[]; readonly std?: readonly number[] };
  readonly logits: readonly number[];
  readonly target: number;
  /** PyTorch's map of every class is flat. */
  readonly flat: boolean;
}

export const isMade = (line: Case | Unmade): line is Case => !("error" in line);

/** Values beside the case's file: "input" [H, W, C], or "map" [H, W]. */
export function valuesOf(folder: string, { case: number }: Case, what: "input" | "map"): Float32Array {
  const bytes = readFileSync(join(folder, `${String(number).padStart(5, "0")}.${what}`));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
