/** @file gradlens/checkpoint: the checkpoint reader alone, for Node and browsers. */

export { GradlensError, type ErrorCode } from "../errors.js";
export { checkFinite } from "./check-finite.js";
export type { DType } from "./dtype.js";
export { ANY, matchKeys, type KeyMatch, type KeyReport, type MatchOptions } from "./match-keys.js";
export type { KeyRule } from "./rename-key.js";
export { readCheckpoint, type ReadOptions } from "./read-checkpoint.js";
export type { OpenSibling } from "./sharded.js";
export { requireComplete, type FitContext } from "./require-complete.js";
export { fromBlob, fromBytes, type ByteSource } from "./source.js";
export type { Checkpoint, CheckpointTensor } from "./types.js";
export { safetensorsChunks, writeSafetensors, type WritableTensor } from "./write-safetensors.js";
