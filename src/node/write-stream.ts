/** @file Writes a large file piece by piece, whole or not at all. */

import { rmSync } from "node:fs";
import { open, rename, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { GradlensError } from "../errors.js";
import { fileProblem } from "./file-problem.js";
import { removeUnfinished, unfinishedName } from "./owner.js";
import { say } from "../language/say.js";

/**
 * Writes beside `path` and renames when all chunks are written; replaces an existing file. If anything fails, or `signal` fires,
 * nothing is left behind. `finish` is called before the rename.
 * @throws GradlensError "bad-file" if the file cannot be written, or any error of the chunks
 */
export async function writeChunksAtomically(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  { signal, finish }: { readonly signal: AbortSignal; readonly finish: () => Promise<void> },
): Promise<void> {
  const folder = dirname(path);
  const unfinished = join(folder, unfinishedName(".tmp"));
  let file: FileHandle | undefined;
  try {
    removeUnfinished(folder);
    file = await open(unfinished, "wx");
    for await (const chunk of chunks) {
      signal.throwIfAborted();
      await file.writeFile(chunk);
    }
    await file.close();
    await finish();
    await rename(unfinished, path);
  } catch (error) {
    await file?.close().catch(() => undefined);
    if (file !== undefined) rmSync(unfinished, { force: true });
    if (error instanceof GradlensError || signal.aborted) throw error;
    throw new GradlensError("bad-file", say`cannot write ${path}: ${fileProblem(error)}; use another path`, {
      cause: error,
    });
  }
}
