/** @file Writes a file whole or not at all. */

import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { GradlensError } from "../errors.js";
import { makeFolders } from "./folders.js";
import { fileProblem } from "./file-problem.js";
import { removeUnfinished, unfinishedName } from "./owner.js";
import { say } from "../language/say.js";

/**
 * Writes beside `path` and renames, so that a reader sees the whole file or none. Makes missing folders, replaces an existing file,
 * and leaves nothing behind on failure. Synchronous, so that no signal handler runs halfway. No fsync: it guards against Ctrl-C
 * and full disks, not against a power cut.
 * @param hint the way out of a failure, for the message
 * @throws GradlensError "bad-file"
 */
export function writeFileAtomically(
  path: string,
  data: Uint8Array | string,
  hint = say`use another path with --out`,
): void {
  const folder = dirname(path);
  const unfinished = join(folder, unfinishedName(".tmp"));
  try {
    makeFolders(folder);
    removeUnfinished(folder);
    writeFileSync(unfinished, data, { flag: "wx" });
    renameSync(unfinished, path);
  } catch (error) {
    // Nothing to remove if the folder itself could not be made.
    if (existsSync(unfinished)) rmSync(unfinished);
    throw new GradlensError("bad-file", say`cannot write ${path}: ${fileProblem(error)}; ${hint}`, {
      cause: error,
    });
  }
}
