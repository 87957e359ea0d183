/** @file The result of reading a checkpoint, the same for every kind of file. */

import type { DType } from "./dtype.js";
import type { Json } from "./json.js";

export interface CheckpointTensor {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Of the contiguous tensor. */
  readonly byteLength: number;
  /** The same object in all tensors that are one view of one memory, where the file says so. */
  readonly storage?: object;
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

/** A module of a file that holds the modules themselves: a model pickled whole, a TorchScript archive. */
export interface FileModule {
  /** As "torch.nn.modules.conv.Conv2d". */
  readonly className: string;
  /** Its plain attributes under PyTorch's names, as `stride: [2, 2]`; of TorchScript those that its code states. */
  readonly settings: ReadonlyMap<string, Json>;
}

/** What a module reads in a TorchScript's code, or the whole network returns. */
export interface FileCall {
  /** Paths of the modules whose outputs it is made of; "" for the network's input. */
  readonly inputs: readonly string[];
  /** PyTorch's functions that were applied in between, as "relu"; those that only arrange values are left out. */
  readonly ops: readonly string[];
}

export interface Checkpoint {
  /** The kind of file, for people: "safetensors". */
  readonly format: string;
  /** The file's name, as messages give it. */
  readonly name: string;
  /** By name, in the file's order. */
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  readonly metadata: ReadonlyMap<string, string>;
  /** Plain values beside the weights in a training state, by dotted path, as `args.model`. */
  readonly facts: ReadonlyMap<string, Json>;
  /** Few-valued tensors among these plain values, by path: a mean, a std. */
  readonly beside?: ReadonlyMap<string, CheckpointTensor>;
  /** Values of the tensors by which the file normalises pictures (normalization.ts), by key. */
  readonly normalization?: ReadonlyMap<string, readonly number[]>;
  /** By path, as tensors are named; missing where the file holds tensors alone. */
  readonly modules?: ReadonlyMap<string, FileModule>;
  /** Of TorchScript whose code could be followed: by path, "" for what the network returns. */
  readonly calls?: ReadonlyMap<string, FileCall>;
  /** Where in the file the tensors were found, as "state_dict"; "" where it holds nothing else. */
  readonly stateDict: string;
  /** Classes and functions that the file names and that mean nothing here: they were not looked up, their objects are records. */
  readonly records: readonly string[];
  /** What a user should know about the file, a line each. */
  readonly notes: readonly string[];
}
