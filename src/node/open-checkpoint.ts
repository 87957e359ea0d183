/** @file Opens a checkpoint of this machine's files, in one file or several. */

import { basename, dirname, join } from "node:path";
import { readCheckpoint, type ReadOptions } from "../checkpoint/read-checkpoint.js";
import type { Checkpoint } from "../checkpoint/types.js";
import { openFile, type FileSource } from "./file-source.js";

export interface OpenedCheckpoint {
  readonly checkpoint: Checkpoint;
  /** Closes its files; tensors cannot be read any more. */
  close(): Promise<void>;
}

/**
 * Opens a checkpoint; its tensors are read from the files when asked for.
 * @throws GradlensError "bad-file"
 */
export async function openCheckpoint(
  path: string,
  options: Omit<ReadOptions, "openSibling"> = {},
): Promise<OpenedCheckpoint> {
  const files: FileSource[] = [];
  const open = async (file: string): Promise<FileSource> => {
    const source = await openFile(file);
    files.push(source);
    return source;
  };
  const close = async (): Promise<void> => {
    await Promise.all(files.map((file) => file.close()));
  };
  try {
    const openSibling = (name: string) => open(join(dirname(path), basename(name)));
    return { checkpoint: await readCheckpoint(await open(path), { ...options, openSibling }), close };
  } catch (error) {
    await close();
    throw error;
  }
}
