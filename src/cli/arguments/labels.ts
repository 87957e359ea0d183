/** @file Class names: the built-in lists and what `--labels` reads from a file. */

import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { GradlensError } from "../../errors.js";
import { CHESTXRAY14 } from "../../models/label-sets.js";
import { fileError, hasCode, noSuchFile } from "../sources/files.js";
import { decodeLabels, parseLabels } from "./label-file.js";
import { BUILTIN_LABELS } from "./options.js";
import { nearest } from "./suggest.js";

type Builtin = (typeof BUILTIN_LABELS)[number];

const BUILTINS: { readonly [K in Builtin]: () => Promise<readonly string[]> } = {
  chestxray14: () => Promise.resolve(CHESTXRAY14),
  // torchvision's names, in the order of its models' outputs.
  imagenet1k: async () => (await import("./labels/imagenet1k.json", { with: { type: "json" } })).default,
};

/** The labels that `--labels` names: a built-in list, or a file's. Throws `bad-argument` or `bad-file`. */
export async function readLabels(named: string, cwd: string): Promise<readonly string[]> {
  const builtin = BUILTIN_LABELS.find((name) => name === named.toLowerCase());
  if (builtin !== undefined) return BUILTINS[builtin]();
  const way = `--labels takes a file with one name a line, or ${BUILTIN_LABELS.join(" or ")}`;
  const path = resolve(cwd, named);
  try {
    return parseLabels(decodeLabels(await readFile(path), named), named);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw fileError(error, "labels", named, way);
    const meant = nearest(named, BUILTIN_LABELS);
    if (meant === undefined) throw await noSuchFile("labels", path, way);
    throw new GradlensError("bad-argument", `labels ${named}: no such file; did you mean ${meant}?`);
  }
}
