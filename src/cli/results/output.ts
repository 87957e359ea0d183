/** @file A folder of results on the disk: what is in it, and new files put into it all together or not at all. */

import { mkdtempSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { access, constants, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { GradlensError } from "../../errors.js";
import { makeFolders, missingFolders } from "../../node/folders.js";
import { fileError, hasCode } from "../sources/files.js";
import { foldName } from "./names.js";
import { filesOf, MANIFEST_NAME, manifestText, parseManifest, type Manifest } from "./manifest.js";

const WAY = "name another place with --out";

/** Throws `bad-file` where `folder` cannot be made or written to, without touching the disk. */
export async function checkWritable(folder: string): Promise<void> {
  for (let path = folder; ; path = dirname(path)) {
    try {
      if (!(await stat(path)).isDirectory()) {
        throw new GradlensError(
          "bad-file",
          `output folder ${folder}: ${path} is a file, not a folder; ${WAY}`,
        );
      }
      return await access(path, constants.W_OK);
    } catch (error) {
      // A folder that is not there yet will be made in the nearest one that is.
      const missing = hasCode(error, "ENOENT", "ENOTDIR") && path !== dirname(path);
      if (!missing) throw fileError(error, "output folder", folder, WAY);
    }
  }
}

/**
 * The manifest of a folder; undefined where there is none. Throws `bad-file` for a manifest.json that is not ours, unless
 * `force` allows to replace it.
 */
export async function readManifest(folder: string, force: boolean): Promise<Manifest | undefined> {
  const path = join(folder, MANIFEST_NAME);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return undefined;
    throw fileError(error, "manifest", path, WAY);
  }
  const manifest = parseManifest(text, path);
  if (manifest === undefined && !force) {
    throw new GradlensError(
      "bad-file",
      `${path} was not written by gradlens: --force replaces it, or ${WAY}`,
    );
  }
  return manifest;
}

export function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

export interface Commit {
  readonly folder: string;
  /** New files by name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly manifest: Manifest;
  /** The manifest that was there. Its files are ours: they may be replaced, and those that are no longer named are removed. */
  readonly before: Manifest | undefined;
  /** Files of others may be replaced too. */
  readonly force: boolean;
}

/**
 * Puts new files and the manifest into a folder. All is written beside first and then moved, the manifest last; where
 * anything fails, what is new is taken away again. Synchronous, so that Ctrl-C falls before or after it, never within.
 * Throws `bad-file`.
 */
export function commitResults({ folder, files, manifest, before, force }: Commit): void {
  const ours = new Set([...(before ? filesOf(before) : []), ...(before || force ? [MANIFEST_NAME] : [])]);
  const names = [...files.keys(), MANIFEST_NAME];
  const known = new Set(names.filter((name) => isThere(join(folder, name))));
  const foreign = [...known].find((name) => !ours.has(name));
  if (foreign !== undefined && !force) {
    const path = join(folder, foreign);
    throw new GradlensError(
      "bad-file",
      `${path} is there already and not in a manifest of ours: --force replaces it, or ${WAY}`,
    );
  }
  const missing = missingFolders(folder);
  const moved: string[] = [];
  let stage: string | undefined;
  try {
    makeFolders(folder);
    stage = mkdtempSync(join(folder, ".gradlens-"));
    for (const [name, bytes] of files) writeFileSync(join(stage, name), bytes);
    writeFileSync(join(stage, MANIFEST_NAME), manifestText(manifest));
    for (const name of names) {
      renameSync(join(stage, name), join(folder, name));
      if (!known.has(name)) moved.push(name);
    }
    rmdirSync(stage);
  } catch (error) {
    for (const name of moved) rmSync(join(folder, name), { force: true });
    if (stage !== undefined) rmSync(stage, { recursive: true, force: true });
    removeEmpty(missing);
    throw fileError(error, "output folder", folder, WAY);
  }
  // Names that some file system takes for the same may be the same file here.
  const kept = new Set(filesOf(manifest).map(foldName));
  const stale = (before ? filesOf(before) : []).filter((name) => !kept.has(foldName(name)));
  for (const name of stale) rmSync(join(folder, name), { force: true });
}

function removeEmpty(folders: readonly string[]): void {
  for (const folder of folders) {
    try {
      rmdirSync(folder);
    } catch {
      // It was not made, or someone else has put something into it: not ours to remove.
    }
  }
}
