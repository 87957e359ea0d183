/** @file Opens a checkpoint from one file or several. */

import { basename, dirname, join } from "node:path";
import { readCheckpoint, type ReadOptions } from "../checkpoint/read-checkpoint.js";
import type { Checkpoint } from "../checkpoint/types.js";
import { openFile, type FileSource } from "./file-source.js";

export interface OpenedCheckpoint {
  readonly checkpoint: Checkpoint;
  /** The files, the named one first. */
  readonly paths: readonly string[];
  /** The size of all files. */
  readonly bytes: number;
  /** Closes the files; tensors cannot be read afterwards. */
  readonly close: () => Promise<void>;
}

export interface OpenOptions extends Omit<ReadOptions, "openSibling"> {
  /** The name in messages. Default: the path. */
  readonly name?: string;
}

/**
 * Opens a checkpoint; each tensor is read from its file on demand.
 * @throws GradlensError "bad-file"
 */
export async function openCheckpoint(path: string, options: OpenOptions = {}): Promise<OpenedCheckpoint> {
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
    const file = await open(path);
    const source = { ...file, name: options.name ?? file.name };
    const checkpoint = await readCheckpoint(source, { ...options, openSibling });
    const paths = files.map(({ name }) => name);
    return { checkpoint, paths, bytes: files.reduce((sum, { size }) => sum + size, 0), close };
  } catch (error) {
    await close();
    throw error;
  }
}
