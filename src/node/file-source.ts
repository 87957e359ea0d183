/** @file Reads a local file by range. */

import { open, readFile, stat, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { GradlensError } from "../errors.js";
import { badFile, type ByteSource } from "../checkpoint/source.js";
import { fileProblem } from "./file-problem.js";
import { say } from "../language/say.js";

export interface FileSource extends ByteSource {
  /** Closes the file; later reads fail. */
  close(): Promise<void>;
}

/**
 * Opens a file for reading by range. Its `beside` reads `config.json` and `preprocessor_config.json`, which count beside weights
 * that transformers or timm named (docs/CHECKPOINTS.md).
 * @throws GradlensError "bad-file" if it is missing or unreadable
 */
export async function openFile(path: string): Promise<FileSource> {
  let handle: FileHandle | undefined;
  try {
    const found = await stat(path);
    // Opening a pipe would wait for its other end, and a device without a size cannot be read by range.
    if (!found.isFile() && !found.isDirectory())
      throw new GradlensError("bad-file", say`${path} is a pipe or a device: name a file`);
    handle = await open(path);
    const stats = await handle.stat();
    if (stats.isDirectory()) throw Object.assign(new Error("folder"), { code: "EISDIR" });
    return sourceOf(path, handle, stats.size);
  } catch (error) {
    await handle?.close();
    throw error instanceof GradlensError ? error : problem(path, error);
  }
}

const problem = (path: string, error: unknown): GradlensError =>
  new GradlensError("bad-file", `${path}: ${fileProblem(error)}`, { cause: error });

function sourceOf(path: string, handle: FileHandle, size: number): FileSource {
  return {
    name: path,
    size,
    async read(offset, length) {
      const bytes = new Uint8Array(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await handle
          .read(bytes, filled, length - filled, offset + filled)
          .catch((error: unknown) => {
            throw problem(path, error);
          });
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return bytes.subarray(0, filled);
    },
    beside: (name) => contentBeside(path, name),
    close: () => handle.close(),
  };
}

async function contentBeside(path: string, name: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(join(dirname(path), name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw badFile(name, fileProblem(error));
  }
}
