/** @file Writes a folder of results and its manifest.json so that a kill cannot mix new and old files. */

import { mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { access, constants, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { GradlensError } from "../../errors.js";
import { makeFolders, missingFolders } from "../../node/folders.js";
import { withLock, type LockOptions } from "../../node/lock.js";
import { unfinishedName } from "../../node/owner.js";
import { fileError, hasSystemCode } from "../terminal/file-errors.js";
import { MANIFEST_NAME, type Manifest } from "../../results/manifest.js";
import { manifestText, parseManifest } from "../../results/manifest-text.js";
import { planOf, type FolderPlan } from "./merge.js";
import { phrase, say, translated } from "../../language/say.js";

/** The way out if another file is in the way. */
export const OUT_HINT = phrase`use another path with --out`;

/** For a file that gradlens did not write. */
export const notWritten = (path: string): GradlensError =>
  new GradlensError(
    "bad-file",
    say`${path} was not written by gradlens: --force replaces it, or ${translated(OUT_HINT)}`,
  );

/**
 * Checks without touching the disk.
 * @throws GradlensError "bad-file" if `folder` cannot be made or written to
 */
export async function checkWritable(folder: string): Promise<void> {
  for (let path = folder; ; path = dirname(path)) {
    try {
      if (!(await stat(path)).isDirectory()) {
        throw new GradlensError(
          "bad-file",
          say`output folder ${folder}: ${path} is a file, not a folder; ${translated(OUT_HINT)}`,
        );
      }
      return await access(path, constants.W_OK);
    } catch (error) {
      // A missing folder will be made in the nearest existing one.
      const missing = hasSystemCode(error, "ENOENT", "ENOTDIR") && path !== dirname(path);
      if (!missing) throw fileError(error, say`output folder`, folder, translated(OUT_HINT));
    }
  }
}

/**
 * The manifest of a folder; undefined if it has none.
 * @throws GradlensError "bad-file" for another program's manifest.json, unless `force` allows replacing it
 */
export function readManifest(folder: string, force: boolean, name = MANIFEST_NAME): Manifest | undefined {
  const path = join(folder, name);
  const text = readOutputText(path, say`manifest`);
  if (text === undefined) return undefined;
  const manifest = parseManifest(text, path);
  if (manifest === undefined && !force) throw notWritten(path);
  return manifest;
}

/** The text of a file in the output folder, called `what` in messages; undefined without it. @throws GradlensError "bad-file" */
export function readOutputText(path: string, what: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (hasSystemCode(error, "ENOENT", "ENOTDIR")) return undefined;
    throw fileError(error, what, path, translated(OUT_HINT));
  }
}

/** False also for a path through a file, as x.png/y. */
export function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if (hasSystemCode(error, "ENOTDIR")) return false;
    throw error;
  }
}

export interface Commit extends LockOptions {
  readonly folder: string;
  /** New files by name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The new manifest, from the current one, which another run may have changed since it was last read. */
  readonly manifest: (there: Manifest | undefined) => Manifest;
  /** The manifest's name in the folder. */
  readonly name?: string;
  /** Allows replacing files that gradlens did not write. */
  readonly force: boolean;
}

/**
 * Moves new files and the manifest into a folder, one process at a time, and returns the manifest. Files of the previous manifest
 * may be replaced, and those no longer named are removed. Synchronous behind the lock: Ctrl-C comes before or after, never within.
 * @throws GradlensError "bad-file", or an error of `manifest`
 */
export async function commitResults(commit: Commit): Promise<Manifest> {
  const { folder } = commit;
  const missing = missingFolders(folder);
  try {
    makeFolders(folder);
    return await withLock(folder, () => put(commit), commit);
  } catch (error) {
    removeEmpty(missing);
    if (commit.signal?.aborted) throw error;
    throw fileError(error, say`output folder`, folder, translated(OUT_HINT));
  }
}

/**
 * Writes all files to a stage, then moves them. Before the first move, the manifest drops the records that will change and names
 * the files on their way. After a kill, the next run so knows which files are complete and which others gradlens wrote. The whole
 * manifest comes last.
 */
function put({ folder, files, manifest: make, force, name: manifestName = MANIFEST_NAME }: Commit): Manifest {
  const there = readManifest(folder, force, manifestName);
  const plan = planOf(folder, there, make(there), files);
  const known = new Set([...files.keys(), manifestName].filter((name) => isThere(join(folder, name))));
  const foreign = [...known].find(
    (name) => !(name === manifestName ? there !== undefined : plan.owned.has(name)),
  );
  if (foreign !== undefined && !force) {
    const path = join(folder, foreign);
    throw new GradlensError(
      "bad-file",
      say`${path} exists and is not of these results: --force replaces it, or ${translated(OUT_HINT)}`,
    );
  }
  const stage = join(folder, unfinishedName());
  mkdirSync(stage);
  try {
    move({ folder, name: manifestName, stage, files, known, plan });
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
  return plan.final;
}

interface Move extends Pick<Commit, "folder" | "files"> {
  /** The manifest's. */
  readonly name: string;
  readonly stage: string;
  /** Names that are there already. */
  readonly known: ReadonlySet<string>;
  readonly plan: FolderPlan;
}

function move({ folder, name: manifestName, stage, files, known, plan }: Move): void {
  const { interim, final, stale } = plan;
  const path = join(folder, manifestName);
  const [before, between, after] = ["before", "between", "after"].map((name) => join(stage, `${name}.json`));
  const text = readOutputText(path, say`manifest`);
  // By number: names may hold folders.
  const staged = [...files].map(([name, bytes], i): [name: string, at: string] => {
    const at = join(stage, String(i));
    writeFileSync(at, bytes);
    return [name, at];
  });
  const made = [...new Set([...files.keys()].map((name) => dirname(join(folder, name))))].flatMap(
    (inside) => {
      const missing = missingFolders(inside);
      makeFolders(inside);
      return missing;
    },
  );
  // Written now, because a failed move may leave no disk space to restore it.
  if (text !== undefined) writeFileSync(before!, text);
  if (interim !== undefined) writeFileSync(between!, manifestText(interim));
  writeFileSync(after!, manifestText(final));
  const moved: string[] = [];
  try {
    if (interim !== undefined) renameSync(between!, path);
    for (const [name, at] of staged) {
      renameSync(at, join(folder, name));
      moved.push(name);
    }
    for (const name of stale) rmSync(join(folder, name), { force: true });
    removeEmpty(stale.map((name) => dirname(join(folder, name))).filter((inside) => inside !== folder));
    renameSync(after!, path);
  } catch (error) {
    for (const name of moved) if (!known.has(name)) rmSync(join(folder, name), { force: true });
    removeEmpty(made);
    // The previous records no longer hold once a file is replaced; those in between do.
    if (moved.some((name) => known.has(name))) throw error;
    if (text === undefined) rmSync(path, { force: true });
    else renameSync(before!, path);
    throw error;
  }
}

function removeEmpty(folders: readonly string[]): void {
  for (const folder of folders) {
    try {
      rmdirSync(folder);
    } catch {
      // The folder was not made, or another program has written to it.
    }
  }
}
