/** @file Plans how new results change a folder: the intermediate and final manifests, and the stale files. */

import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { FileHashes, Manifest } from "../../results/manifest.js";
import { filesOf, filesOfMap, layersOf } from "../../results/manifest-records.js";
import { attempt } from "../../node/attempt.js";
import { foldName } from "../../text/safe-names.js";
import { hashBytes } from "../inputs/weights.js";

export interface FolderPlan {
  /** Names that a manifest lists as gradlens's own. */
  readonly owned: ReadonlySet<string>;
  /** The manifest while files move; undefined if none does. */
  readonly interim: Manifest | undefined;
  /** The final manifest. */
  readonly final: Manifest;
  /** Unchanged files of gradlens that the final manifest does not name. */
  readonly stale: readonly string[];
}

/** `there` is the previous manifest, `now` the new one, `files` the new files. */
export function planOf(
  folder: string,
  there: Manifest | undefined,
  now: Manifest,
  files: ReadonlyMap<string, Uint8Array>,
): FolderPlan {
  const before = hashesOf(folder, there);
  const owned = new Set([...(there ? filesOf(there) : []), ...Object.keys(before)]);
  const writing = Object.fromEntries([...files].map(([name, bytes]) => [name, hashBytes(bytes)]));
  const all: FileHashes = { ...before, ...writing };
  const named = new Set(filesOf(now));
  const hashes = Object.fromEntries(Object.entries(all).filter(([name]) => named.has(name)));
  const final: Manifest = { ...now, files: inOrder(hashes) };
  delete (final as { writing?: FileHashes }).writing;
  // Names that some file systems treat as equal may be one file here.
  const kept = new Set([...named].map(foldName));
  const unnamed = Object.keys(before).filter((name) => !kept.has(foldName(name)));
  const stale = unnamed.filter(
    (name) => isInside(folder, name) && hashOf(join(folder, name)) === before[name],
  );
  if (files.size + stale.length === 0) return { owned, interim: undefined, final, stale };

  const isMoving = (name: string): boolean => files.has(name);
  const maps = final.maps.filter((record) => !filesOfMap(record).some(isMoving));
  const guided = final.guided.filter(({ picture }) => !isMoving(picture));
  const interim = { ...final, maps, guided, layers: layersOf(maps), files: inOrder(before), writing };
  return { owned, interim, final, stale };
}

/** Files that gradlens wrote to a folder, including those that a killed run had moved. */
function hashesOf(folder: string, there: Manifest | undefined): FileHashes {
  const { files = {}, writing = {} } = there ?? {};
  const arrived = Object.entries(writing).filter(([name, hash]) => hashOf(join(folder, name)) === hash);
  return { ...files, ...Object.fromEntries(arrived) };
}

/** Whether a name's folders are real ones, so that it cannot lead out of the folder. */
function isInside(folder: string, name: string): boolean {
  const steps = name.split("/").slice(0, -1);
  return steps.every((_, i) => {
    const stat = lstatSync(join(folder, ...steps.slice(0, i + 1)), { throwIfNoEntry: false });
    return stat?.isDirectory() ?? false;
  });
}

const inOrder = (hashes: FileHashes): FileHashes =>
  Object.fromEntries(Object.entries(hashes).sort(([a], [b]) => (a < b ? -1 : 1)));

/** The hash of a file; undefined without the file. */
const hashOf = (path: string): string | undefined => attempt(() => hashBytes(readFileSync(path)));
