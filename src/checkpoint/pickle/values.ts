/** @file The values of a pickle: plain containers, tensors, and inert records. None of them runs code. */

import type { ByteSource } from "../source.js";
import type { TorchStorage } from "../torch/storage.js";
import type { TorchTensor } from "../torch/tensor-value.js";

/** Lists and tuples are arrays; numbers beyond 2^53 are bigints. */
export type PyValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | PyValue[]
  | Map<PyValue, PyValue>
  | Set<PyValue>
  | PyBytes
  | PyGlobal
  | PyRecord
  | NumpyDtype
  | TorchStorage
  | TorchTensor;

export type PyDict = Map<PyValue, PyValue>;
export type PySet = Set<PyValue>;

/** Builds the value of a call in a pickle. */
export type Constructor = (args: readonly PyValue[]) => PyValue;

/** A class or function that the pickle names. It is never looked up. */
export class PyGlobal {
  constructor(
    /** Such as "torch.nn.modules.conv.Conv2d", with Python 3's module names. */
    readonly name: string,
  ) {}
}

/** An object of any other class: the pickle's data about it, without behaviour. */
export class PyRecord {
  /** The argument of BUILD: usually the attributes. */
  state: PyValue = null;
  /** Items of dict subclasses. */
  readonly entries: PyDict = EMPTY_DICT;
  /** Items of list and set subclasses. */
  readonly items: PyValue[] = EMPTY_LIST;

  constructor(
    readonly className: string,
    readonly args: PyValue,
  ) {}

  set(key: PyValue, value: PyValue): void {
    if (this.entries === EMPTY_DICT) (this as { entries: PyDict }).entries = new Map();
    this.entries.set(key, value);
  }

  append(value: PyValue): void {
    if (this.items === EMPTY_LIST) (this as { items: PyValue[] }).items = [];
    this.items.push(value);
  }

  /** BUILD's attributes: a dict, or a pair of dicts for objects with __slots__. */
  private tables(): PyDict[] {
    const parts = Array.isArray(this.state) && this.state.length === 2 ? this.state : [this.state];
    return parts.filter((part) => part instanceof Map);
  }

  attribute(name: string): PyValue | undefined {
    return this.tables()
      .find((table) => table.has(name))
      ?.get(name);
  }

  *attributes(): Iterable<readonly [PyValue, PyValue]> {
    for (const table of this.tables()) yield* table;
  }
}

// Shared by the many empty records; `set` and `append` replace them before writing.
const EMPTY_DICT: PyDict = new Map();
const EMPTY_LIST: PyValue[] = [];

/** Bytes that stay in the file until they are read. */
export class PyBytes {
  constructor(
    readonly source: ByteSource,
    readonly offset: number,
    readonly length: number,
    /** The file holds UTF-8 text whose code points are the bytes, as Python 3 writes bytes in protocols 0 to 2. */
    readonly latin1InUtf8 = false,
    /** Short bytes as UTF-8 text, because Python 2's keys are bytes. */
    readonly text?: string,
  ) {}
}

/** numpy.dtype, with the known parts of its state. */
export class NumpyDtype {
  /** "<", ">", "=" or "|". */
  byteOrder = "=";

  constructor(
    /** Such as "f4". */
    readonly code: string,
  ) {}
}

/** An error about an impossible pickle; the reader adds the file's name and the offset. */
export class Malformed extends Error {}
