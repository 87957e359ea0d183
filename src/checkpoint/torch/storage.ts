/** @file A torch storage: a run of bytes in the file that tensors view. */

import type { DType } from "../dtype.js";

export interface StoredBytes {
  readonly byteLength: number;
  /** Of elements wider than a byte. */
  readonly bigEndian: boolean;
  /** The bytes [begin, end). Not to be written to. */
  read(begin: number, end: number): Promise<Uint8Array>;
}

/** Where the bytes lie may be known only when the whole pickle was read; until then `stored` is absent. */
export class TorchStorage {
  stored: StoredBytes | undefined;
  /** Why there are no bytes. */
  problem: string | undefined;

  constructor(
    /** The element type that its class says; absent for untyped storages. */
    public dtype: DType | undefined,
    /** Bytes of the storage's beginning to leave out, as old views of storages do. */
    readonly begin = 0,
  ) {}
}
