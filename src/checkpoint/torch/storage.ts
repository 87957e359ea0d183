/** @file A torch storage: a range of bytes in the file that tensors view. */

import type { DType } from "../dtype.js";

export interface StoredBytes {
  readonly byteLength: number;
  /** True if elements wider than a byte are big-endian. */
  readonly bigEndian: boolean;
  /** The bytes [begin, end). Read-only. */
  read(begin: number, end: number): Promise<Uint8Array>;
}

/** The position of the bytes may be unknown until the whole pickle is read; until then `stored` is absent. */
export class TorchStorage {
  stored: StoredBytes | undefined;
  /** The reason why the file has no bytes. */
  problem: string | undefined;

  constructor(
    /** The element type of its class; absent for untyped storages. */
    public dtype: DType | undefined,
    /** Bytes to skip at the storage's beginning, for old views of storages. */
    readonly begin = 0,
  ) {}
}
