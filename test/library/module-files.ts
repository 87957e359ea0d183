/** @file Reads the files of tools/make_module_files.py, as they are or with changed code. */

import { readFileSync } from "node:fs";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { expect } from "vitest";
import { readCheckpoint } from "../../src/checkpoint/read-checkpoint.js";
import { fromBytes } from "../../src/checkpoint/source.js";
import type { Checkpoint } from "../../src/checkpoint/types.js";

export const FOLDER = new URL("../data/module-files/", import.meta.url);

const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(`${name}.pt`, FOLDER)));

export const read = (name: string): Promise<Checkpoint> =>
  readCheckpoint(fromBytes(`${name}.pt`, bytesOf(name)));

/** A traced file in which `to` replaces `from` everywhere in its code, or in the files that end with `part`. */
export async function rewritten(name: string, from: string, to: string, part = ".py"): Promise<Checkpoint> {
  const files = unzipSync(bytesOf(name));
  let changes = 0;
  for (const [path, bytes] of Object.entries(files)) {
    if (!path.endsWith(part)) continue;
    const parts = strFromU8(bytes, true).split(from);
    changes += parts.length - 1;
    files[path] = strToU8(parts.join(to), true);
  }
  expect(changes).toBeGreaterThan(0);
  return readCheckpoint(fromBytes(`${name}.pt`, zipSync(files, { level: 0 })));
}
