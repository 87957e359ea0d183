/** @file The result of following a network's TorchScript code: each module's inputs, functions and reshapes. */

import type { Json } from "../../json.js";
import type { FileCall } from "../../types.js";
import { valueAt } from "../../value-at.js";
import { plainData, type Value } from "./flow.js";
import { joinedReads, type Reads } from "./reads.js";

/** A PyTorch function that a module's code calls. */
export interface ScriptOp {
  /** Without `torch.` and without the underscore of in-place ops. */
  readonly name: string;
  /** Literals; undefined for other arguments. */
  readonly args: readonly (Json | undefined)[];
  readonly named: ReadonlyMap<string, Json | undefined>;
}

/** Literal sizes of a reshape; undefined for computed ones. */
export type ScriptShape = readonly (number | undefined)[];

/** Each of its maps is by the module's path. */
export class ScriptRun {
  readonly ops = new Map<string, ScriptOp[]>();
  readonly shapes = new Map<string, ScriptShape[]>();
  private readonly reads = new Map<string, Reads>();

  /** Under "" is what the network's output reads. */
  get calls(): Map<string, FileCall> {
    const listed = [...this.reads].map(
      ([path, { inputs, ops, terms }]) => [path, { inputs: [...inputs], ops: [...ops], terms }] as const,
    );
    return new Map(listed);
  }

  /** The number of functions that a module has called so far. */
  opCount(path: string): number {
    return this.ops.get(path)?.length ?? 0;
  }

  op(path: string, op: ScriptOp): void {
    valueAt(this.ops, path, () => []).push(op);
  }

  /** A call of a module: where its input comes from. */
  call(path: string, reads: Reads): void {
    this.reads.set(path, joinedReads(this.reads.get(path), reads));
  }

  shape(path: string, sizes: Value | undefined): void {
    if (sizes?.kind !== "items") return;
    const shape = sizes.items.map((item) => {
      const size = plainData(item);
      return typeof size === "number" ? size : undefined;
    });
    valueAt(this.shapes, path, () => []).push(shape);
  }
}
