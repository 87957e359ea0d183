/** @file The result of following a network's TorchScript code: each module's inputs, functions and reshapes. */

import type { Json } from "../../json.js";
import type { FileCall, FileOp } from "../../types.js";
import { plain, type Flow, type Value } from "./flow.js";
import { joinedTerms, NO_TERMS, type Terms } from "./terms.js";

/** A PyTorch function that a module's code calls. */
export interface ScriptOp {
  /** Without `torch.` and without the underscore of in-place ops. */
  readonly name: string;
  /** Literals; undefined for other arguments. */
  readonly args: readonly (Json | undefined)[];
  readonly named: ReadonlyMap<string, Json | undefined>;
}

export interface ScriptRun {
  /** By the module's path. */
  readonly ops: ReadonlyMap<string, readonly ScriptOp[]>;
  /** By the module's path: the sizes of its reshapes. */
  readonly shapes: ReadonlyMap<string, readonly ScriptShape[]>;
  /** By the module's path; "" for the network's output. */
  readonly calls: ReadonlyMap<string, FileCall>;
}

/** Literal sizes of a reshape; undefined for computed ones. */
export type ScriptShape = readonly (number | undefined)[];

/** Collects a ScriptRun. */
export class ScriptRunCollector {
  private readonly ops = new Map<string, ScriptOp[]>();
  private readonly shapes = new Map<string, ScriptShape[]>();
  private readonly calls = new Map<string, { inputs: Set<string>; ops: Set<FileOp>; terms: Terms }>();

  get found(): ScriptRun {
    const { ops, shapes, calls } = this;
    const listed = [...calls].map(
      ([path, one]) => [path, { ...one, inputs: [...one.inputs], ops: [...one.ops] }] as const,
    );
    return { ops, shapes, calls: new Map(listed) };
  }

  /** The number of functions that a module has called so far. */
  opCount(path: string): number {
    return this.ops.get(path)?.length ?? 0;
  }

  op(path: string, op: ScriptOp): void {
    const known = this.ops.get(path);
    if (known) known.push(op);
    else this.ops.set(path, [op]);
  }

  /** A call of a module: where its input comes from. */
  call(path: string, { inputs, ops, terms }: Flow): void {
    const known = this.calls.get(path) ?? {
      inputs: new Set<string>(),
      ops: new Set<FileOp>(),
      terms: NO_TERMS,
    };
    inputs.forEach((one) => known.inputs.add(one));
    ops.forEach((one) => known.ops.add(one));
    this.calls.set(path, { ...known, terms: joinedTerms([known.terms, terms], "beside") });
  }

  /** A reshape in a module. */
  shape(path: string, sizes: Value | undefined): void {
    if (sizes?.kind !== "items") return;
    const shape = sizes.items.map((item) => {
      const size = plain(item);
      return typeof size === "number" ? size : undefined;
    });
    this.shapes.set(path, [...(this.shapes.get(path) ?? []), shape]);
  }
}
