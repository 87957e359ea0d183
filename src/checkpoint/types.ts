/** @file The result of reading a checkpoint, the same for every kind of file. */

import type { DType } from "./dtype.js";
import type { Json } from "./json.js";
import type { Terms } from "./torch/script/terms.js";

export interface CheckpointTensor {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Bytes of the contiguous tensor. */
  readonly byteLength: number;
  /** One object for all tensors that are the same view of the same memory, if the file states it. */
  readonly storage?: object;
  /** The reason why its elements cannot be read ("is sparse: save it after .to_dense()"); `bytes` and `floats` then throw. */
  readonly problem?: string;
  /**
   * The elements, little-endian, contiguous and row-major. Read-only: they may be the file's own bytes.
   * @throws GradlensError "bad-file" if the file cannot be read
   */
  bytes(): Promise<Uint8Array>;
  /**
   * The elements as f32 (F64 is narrowed). Read-only.
   * @throws GradlensError "bad-file" if the file cannot be read, or f32 cannot represent the elements (complex numbers)
   */
  floats(): Promise<Float32Array>;
}

/** A module of a file that holds modules: a whole pickled model, a TorchScript archive. */
export interface FileModule {
  /** Such as "torch.nn.modules.conv.Conv2d". */
  readonly className: string;
  /** Its plain attributes under PyTorch's names, such as `stride: [2, 2]`; for TorchScript those in its code. */
  readonly settings: ReadonlyMap<string, Json>;
}

/** The input of a module in TorchScript's code, or the output of the whole network. */
export interface FileCall {
  /** Paths of the modules whose outputs it is computed from; "" for the network's input. */
  readonly inputs: readonly string[];
  /** PyTorch's functions applied in between, such as "relu", without those that only rearrange values: one object a call. */
  readonly ops: readonly FileOp[];
  /** How often it holds the output of each. */
  readonly terms: Terms;
}

export interface FileOp {
  readonly name: string;
}

export interface Checkpoint {
  /** The kind of file for messages: "safetensors". */
  readonly format: string;
  /** The file's name in messages. */
  readonly name: string;
  /** By name, in the file's order. */
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  readonly metadata: ReadonlyMap<string, string>;
  /** Plain values beside the weights in a training state, by dotted path, such as `args.model`. */
  readonly facts: ReadonlyMap<string, Json>;
  /** Few-valued tensors among these plain values, by path: a mean, a std. */
  readonly beside?: ReadonlyMap<string, CheckpointTensor>;
  /** Values of the tensors that normalise pictures (normalization.ts), by key. */
  readonly normalization?: ReadonlyMap<string, readonly number[]>;
  /** By path, as for tensors; absent if the file holds tensors alone. */
  readonly modules?: ReadonlyMap<string, FileModule>;
  /** For TorchScript whose code could be followed: by path, "" for the network's output, where that is compared. */
  readonly calls?: ReadonlyMap<string, FileCall>;
  /** The path of the tensors in the file, such as "state_dict"; "" if it holds nothing else. */
  readonly stateDict: string;
  /** Unknown classes and functions that the file names. They were not looked up; their objects are records. */
  readonly records: readonly string[];
  /** Messages for the user about the file, a line each. */
  readonly notes: readonly string[];
}
