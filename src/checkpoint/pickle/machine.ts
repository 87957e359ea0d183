/** @file The unpickler's state: stack, marks, memo, and the limits on hostile files. */

import { Malformed, PyBytes, PyGlobal, type PyValue } from "./values.js";
import type { ByteWindow } from "./byte-window.js";
import { valueAt } from "../value-at.js";
import { say } from "../../language/say.js";

/** Replaces Python's imports and calls. */
export interface Builders {
  /** The result of `callable(*args)`. */
  readonly construct: (callable: PyValue, args: PyValue[]) => PyValue;
  /** Applies BUILD to `object`. */
  readonly build: (object: PyValue, state: PyValue) => PyValue;
  /** Bytes outside the pickle that follow an object's BUILD, as in joblib's arrays; undefined without any. */
  readonly trailing: (object: PyValue) => TrailingBytes | undefined;
  readonly append: (list: PyValue, items: readonly PyValue[]) => void;
  readonly setItems: (dict: PyValue, pairs: readonly PyValue[]) => void;
  /** The object behind a persistent id. */
  readonly persistent: (id: PyValue) => PyValue;
}

export interface TrailingBytes {
  readonly length: number;
  /** True if the first byte is the number of padding bytes that follow it. */
  readonly padded: boolean;
  /** The object that the bytes belong to. */
  readonly take: (bytes: PyBytes) => PyValue;
}

/** The budget for all pickles of one file. */
export class Allowance {
  /** A state dict of 100 000 tensors needs a third of this. */
  private bytes = 256 * 2 ** 20;
  private opcodes = 25_000_000;

  /** @param bytes the approximate memory of a value */
  spend(bytes: number): void {
    this.bytes -= bytes;
    if (this.bytes < 0) throw new Malformed(say`more objects than any checkpoint has`);
  }

  opcode(): void {
    if (--this.opcodes < 0) throw new Malformed(say`more opcodes than any checkpoint has`);
  }
}

const MAX_STACK = 4_000_000;

/** Approximate memory of values in V8; only the order of magnitude matters. */
export const COST = {
  array: 48,
  slot: 8,
  dict: 240,
  set: 240,
  entry: 40,
  record: 120,
  bytes: 64,
  memo: 40,
} as const;

export class Machine {
  private readonly stack: PyValue[] = [];
  private readonly marks: number[] = [];
  /** Pickles number their memo from 0 on; other indexes are kept in a map. */
  private readonly memo: PyValue[] = [];
  private readonly sparseMemo = new Map<number, PyValue>();

  constructor(
    readonly window: ByteWindow,
    readonly builders: Builders,
    readonly allowance: Allowance,
    /** Names mentioned, each once. */
    readonly globals: Map<string, PyGlobal>,
  ) {}

  push(value: PyValue): void {
    if (this.stack.length >= MAX_STACK) throw new Malformed(say`a stack of more than ${MAX_STACK} values`);
    this.stack.push(value);
  }

  pop(): PyValue {
    // Values below a mark are out of reach until the mark is popped.
    if (this.stack.length <= (this.marks.at(-1) ?? 0))
      throw new Malformed(say`an opcode that takes from an empty stack`);
    return this.stack.pop()!;
  }

  /** BUILD's result, with the bytes that follow it. */
  withTrailing(object: PyValue): PyValue {
    const trailing = this.builders.trailing(object);
    if (trailing === undefined) return object;
    const { window } = this;
    if (trailing.padded) window.skip(1 + window.peek());
    const bytes = new PyBytes(window.source, window.offset, trailing.length);
    window.skip(trailing.length);
    this.allowance.spend(COST.bytes);
    return trailing.take(bytes);
  }

  top(): PyValue {
    const value = this.pop();
    this.stack.push(value);
    return value;
  }

  mark(): void {
    if (this.marks.length >= MAX_STACK) throw new Malformed(say`more than ${MAX_STACK} marks`);
    this.marks.push(this.stack.length);
  }

  /** Pops the values since the last mark, and the mark. */
  popMark(): PyValue[] {
    const start = this.marks.pop();
    if (start === undefined) throw new Malformed(say`an opcode whose mark is missing`);
    const values = this.stack.splice(start);
    this.allowance.spend(COST.array + COST.slot * values.length);
    return values;
  }

  /** POP: removes a value, or a mark with nothing after it. */
  drop(): void {
    if (this.marks.at(-1) === this.stack.length) this.marks.pop();
    else this.pop();
  }

  memoize(index = this.memo.length + this.sparseMemo.size): void {
    const value = this.top();
    if (index <= this.memo.length) {
      this.allowance.spend(COST.memo);
      this.memo[index] = value;
    } else {
      this.allowance.spend(2 * COST.entry);
      this.sparseMemo.set(index, value);
    }
  }

  recall(index: number): void {
    const value = index < this.memo.length ? this.memo[index] : this.sparseMemo.get(index);
    if (value === undefined) throw new Malformed(say`a memo entry ${index} that was never made`);
    this.push(value);
  }

  global(module: string, name: string): PyGlobal {
    const full = `${PYTHON_3[module] ?? module}.${name}`;
    return valueAt(this.globals, full, () => {
      this.allowance.spend(COST.record + full.length);
      return new PyGlobal(full);
    });
  }
}

/** Python 2's modules, which name classes in protocols up to 2. */
const PYTHON_3: Readonly<Record<string, string>> = {
  __builtin__: "builtins",
  copy_reg: "copyreg",
  cPickle: "pickle",
};
