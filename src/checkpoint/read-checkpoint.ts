/** @file Reads a checkpoint of any supported kind, told by its content. */

import { checkpointKind, HEAD_BYTES, type CheckpointKind } from "./file-kinds.js";
import { readSafetensors } from "./safetensors.js";
import { readExactly, toSource, type ByteSource } from "./source.js";
import type { Checkpoint } from "./types.js";

const READERS: Readonly<Record<CheckpointKind, (source: ByteSource) => Promise<Checkpoint>>> = {
  safetensors: readSafetensors,
};

/**
 * Opens a checkpoint: only its headers are read; each tensor is read when asked for, so `input` must stay open and unchanged.
 * @throws GradlensError "bad-file" for a file that is damaged, cut off, or of a kind that is not supported (it is named)
 */
export async function readCheckpoint(input: ByteSource | Uint8Array | Blob): Promise<Checkpoint> {
  const source = toSource(input);
  const head = await readExactly(source, 0, Math.min(HEAD_BYTES, source.size));
  return READERS[checkpointKind(source.name, head, source.size)](source);
}
