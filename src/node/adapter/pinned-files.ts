/** @file Checks that the embedded adapter's files are unchanged since they were fetched. */
import { createHash } from "node:crypto";
import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { say } from "../../language/say.js";

/** The expected content of a file: by size and SHA-256, or equal to the file at a path. */
export type Pinned = { readonly bytes: number; readonly sha256: string } | { readonly sameAs: string };

export type PinnedFiles = Readonly<Record<string, Pinned>>;

/** The first missing or changed file of `folder`, in words; undefined if all match. */
export function damageOf(folder: string, files: PinnedFiles): string | undefined {
  for (const [name, pinned] of Object.entries(files)) {
    const path = join(folder, name);
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (!stat?.isFile()) return say`${name} is missing`;
    const bytes = "bytes" in pinned ? pinned.bytes : lstatSync(pinned.sameAs).size;
    if (stat.size !== bytes) return say`${name} has ${stat.size} bytes, not ${bytes}`;
    if (!holds(readFileSync(path), pinned)) return say`${name} has been changed`;
  }
  return undefined;
}

function holds(data: Buffer, pinned: Pinned): boolean {
  return "bytes" in pinned
    ? createHash("sha256").update(data).digest("hex") === pinned.sha256
    : data.equals(readFileSync(pinned.sameAs));
}
