/** @file What reading a checkpoint gives, whatever the file's kind. */

import type { DType } from "./dtype.js";

export interface CheckpointTensor {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Of the contiguous tensor. */
  readonly byteLength: number;
  /** Why its elements cannot be read, as "is sparse: save it after .to_dense()"; `bytes` and `floats` then throw. */
  readonly problem?: string;
  /**
   * The elements, little-endian, contiguous and row-major. Not to be written to: they may be the file's own bytes.
   * @throws GradlensError "bad-file" where the file cannot be read
   */
  bytes(): Promise<Uint8Array>;
  /**
   * The elements as f32 (F64 is narrowed). Not to be written to.
   * @throws GradlensError "bad-file" where the file cannot be read or f32 cannot say what the elements mean (complex numbers)
   */
  floats(): Promise<Float32Array>;
}

export interface Checkpoint {
  /** The kind of file, for people: "safetensors". */
  readonly format: string;
  /** The file's name, as messages give it. */
  readonly name: string;
  /** By name, in the file's order. */
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  readonly metadata: ReadonlyMap<string, string>;
  /** Where in the file the tensors were found, as "state_dict"; "" where it holds nothing else. */
  readonly stateDict: string;
  /** Classes and functions that the file names and that mean nothing here: they were not looked up, their objects are records. */
  readonly records: readonly string[];
  /** What a user should know about the file, a line each. */
  readonly notes: readonly string[];
}
