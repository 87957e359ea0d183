/** @file A folder of results on the disk. New files are put into it so that a kill cannot mix old and new ones. */

import { mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { access, constants, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { GradlensError } from "../../errors.js";
import { makeFolders, missingFolders } from "../../node/folders.js";
import { withLock, type LockOptions } from "../../node/lock.js";
import { unfinishedName } from "../../node/owner.js";
import { fileError, hasCode } from "../terminal/file-errors.js";
import { MANIFEST_NAME, manifestText, parseManifest, type Manifest } from "./manifest.js";
import { planOf, type FolderPlan } from "./merge.js";

/** What to do about a file in the way. */
export const OUT_HINT = "use another path with --out";

/** A file in the way that an earlier run did not write. */
export const notWritten = (path: string): GradlensError =>
  new GradlensError("bad-file", `${path} was not written by gradlens: --force replaces it, or ${OUT_HINT}`);

/**
 * @throws GradlensError "bad-file" where `folder` cannot be made or written to, without touching the disk
 */
export async function checkWritable(folder: string): Promise<void> {
  for (let path = folder; ; path = dirname(path)) {
    try {
      if (!(await stat(path)).isDirectory()) {
        throw new GradlensError(
          "bad-file",
          `output folder ${folder}: ${path} is a file, not a folder; ${OUT_HINT}`,
        );
      }
      return await access(path, constants.W_OK);
    } catch (error) {
      // A folder that is not there yet will be made in the nearest one that is.
      const missing = hasCode(error, "ENOENT", "ENOTDIR") && path !== dirname(path);
      if (!missing) throw fileError(error, "output folder", folder, OUT_HINT);
    }
  }
}

/**
 * The manifest of a folder; undefined where there is none.
 * @throws GradlensError "bad-file" for a manifest.json that is not ours, unless `force` allows to replace it
 */
export function readManifest(folder: string, force: boolean): Manifest | undefined {
  const path = join(folder, MANIFEST_NAME);
  const text = readText(path);
  if (text === undefined) return undefined;
  const manifest = parseManifest(text, path);
  if (manifest === undefined && !force) throw notWritten(path);
  return manifest;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return undefined;
    throw fileError(error, "manifest", path, OUT_HINT);
  }
}

export function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

export interface Commit extends LockOptions {
  readonly folder: string;
  /** New files by name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The manifest to be, from the one that is there: another run may have changed it since it was looked at. */
  readonly manifest: (there: Manifest | undefined) => Manifest;
  /** Files of others may be replaced too. */
  readonly force: boolean;
}

/**
 * Puts new files and the manifest into a folder, one process at a time; gives the manifest. Files that the manifest
 * of before has may be replaced, and those that are no longer named are removed. Synchronous behind the lock, so
 * that Ctrl-C falls before or after it, never within.
 * @throws GradlensError "bad-file" what `manifest` throws
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
    throw fileError(error, "output folder", folder, OUT_HINT);
  }
}

/**
 * All is written beside first and then moved. Before the first file moves, the manifest drops the records that are about to
 * change and says which files are on their way: where a kill falls between, the next run sees what is whole and which other
 * files are ours. The whole manifest comes last.
 */
function put({ folder, files, manifest: make, force }: Commit): Manifest {
  const there = readManifest(folder, force);
  const plan = planOf(folder, there, make(there), files);
  const known = new Set([...files.keys(), MANIFEST_NAME].filter((name) => isThere(join(folder, name))));
  const foreign = [...known].find(
    (name) => !(name === MANIFEST_NAME ? there !== undefined : plan.owned.has(name)),
  );
  if (foreign !== undefined && !force) {
    const path = join(folder, foreign);
    throw new GradlensError(
      "bad-file",
      `${path} exists and is not in a manifest of gradlens: --force replaces it, or ${OUT_HINT}`,
    );
  }
  const stage = join(folder, unfinishedName());
  mkdirSync(stage);
  try {
    move(folder, stage, files, known, plan);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
  return plan.final;
}

function move(
  folder: string,
  stage: string,
  files: Commit["files"],
  known: ReadonlySet<string>,
  { interim, final, stale }: FolderPlan,
): void {
  const path = join(folder, MANIFEST_NAME);
  const [before, between, after] = ["before", "between", "after"].map((name) => join(stage, `${name}.json`));
  const text = readText(path);
  for (const [name, bytes] of files) writeFileSync(join(stage, name), bytes);
  // What is put back where something fails is written now: then there may be no room for it.
  if (text !== undefined) writeFileSync(before!, text);
  if (interim !== undefined) writeFileSync(between!, manifestText(interim));
  writeFileSync(after!, manifestText(final));
  const moved: string[] = [];
  try {
    if (interim !== undefined) renameSync(between!, path);
    for (const name of files.keys()) {
      renameSync(join(stage, name), join(folder, name));
      moved.push(name);
    }
    for (const name of stale) rmSync(join(folder, name), { force: true });
    renameSync(after!, path);
  } catch (error) {
    for (const name of moved) if (!known.has(name)) rmSync(join(folder, name), { force: true });
    // With a file replaced, the records of before are no longer true; those between are.
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
      // It was not made, or another program has put something into it.
    }
  }
}
