/** @file What a value is computed from, in TorchScript's code or in a graph. */

import type { FileOp } from "../../types.js";
import { joinedTerms, type Terms } from "./terms.js";

export interface Reads {
  /** Paths of the modules whose outputs it is computed from; "" for the network's input. */
  readonly inputs: ReadonlySet<string>;
  /** Functions applied outside of those modules, such as "relu" and "cat": one object a call. */
  readonly ops: ReadonlySet<FileOp>;
  /** How often it holds the output of each. */
  readonly terms: Terms;
}

/** What a module reads that is called several times. */
export const joinedReads = (a: Reads | undefined, b: Reads): Reads =>
  a
    ? {
        inputs: new Set([...a.inputs, ...b.inputs]),
        ops: new Set([...a.ops, ...b.ops]),
        terms: joinedTerms([a.terms, b.terms], "beside"),
      }
    : b;
