/** @file Opens a checkpoint from one file or several. */

import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { FOLDER_WEIGHTS, folderFacts } from "../checkpoint/model-folder.js";
import { readCheckpoint, type ReadOptions } from "../checkpoint/read-checkpoint.js";
import type { Json } from "../checkpoint/json.js";
import { badFile } from "../checkpoint/source.js";
import type { Checkpoint } from "../checkpoint/types.js";
import { fileProblem } from "./file-problem.js";
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
    const own = await readCheckpoint(source, { ...options, openSibling });
    const checkpoint = { ...own, facts: new Map([...own.facts, ...(await factsAround(path))]) };
    const paths = files.map(({ name }) => name);
    return { checkpoint, paths, bytes: files.reduce((sum, { size }) => sum + size, 0), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What the folder says of its weights, if they have the name that transformers and timm give them. */
async function factsAround(path: string): Promise<ReadonlyMap<string, Json>> {
  if (!FOLDER_WEIGHTS.includes(basename(path))) return new Map();
  return folderFacts(async (name) => {
    try {
      return await readFile(join(dirname(path), name));
    } catch (error) {
      // Weights alone have no such file.
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw badFile(name, fileProblem(error));
    }
  });
}
