/** @file Writes a file whole or not at all. */

import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { GradlensError } from "../errors.js";
import { makeFolders } from "./folders.js";
import { fileProblem } from "./file-problem.js";
import { removeUnfinished, unfinishedName } from "./owner.js";

/**
 * Writes beside `path` and renames, so that whoever sees the file sees all of it; makes missing folders, replaces what
 * was there. Synchronous: no signal handler of ours runs halfway. (No fsync: it guards against Ctrl-C and full disks,
 * not against a power cut.) A failure leaves nothing behind.
 * @param hint what the user can do about a failure, for the message
 * @throws GradlensError "bad-file"
 */
export function writeFileAtomically(
  path: string,
  data: Uint8Array | string,
  hint = "choose another place with --out",
): void {
  const folder = dirname(path);
  const unfinished = join(folder, unfinishedName(".tmp"));
  try {
    makeFolders(folder);
    removeUnfinished(folder);
    writeFileSync(unfinished, data, { flag: "wx" });
    renameSync(unfinished, path);
  } catch (error) {
    // Nothing to remove where the folder itself could not be made.
    if (existsSync(unfinished)) rmSync(unfinished);
    throw new GradlensError("bad-file", `cannot write ${path}: ${fileProblem(error)}; ${hint}`, {
      cause: error,
    });
  }
}
