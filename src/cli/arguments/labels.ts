/** @file Class names: the built-in lists and what `--labels` reads from a file. */

import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { GradlensError } from "../../errors.js";
import { CHESTXRAY14 } from "../../models/label-sets.js";
import { fileError, hasCode, noSuchFile } from "../sources/files.js";
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
    return parseLabels(await readFile(path, "utf8"), named);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw fileError(error, "labels", named, way);
    const meant = nearest(named, BUILTIN_LABELS);
    if (meant === undefined) throw await noSuchFile("labels", path, way);
    throw new GradlensError("bad-argument", `labels ${named}: no such file; did you mean ${meant}?`);
  }
}

/**
 * Labels from a file's text: one a line, or JSON: an array, an object from index to name (as `{"0": "cat"}`), or one of these
 * under `labels` or `id2label` (as in a Hugging Face config.json). In JSON a class may have the name "": one that the model
 * was not trained for, as in torchxrayvision's lists. Throws `bad-file`.
 */
export function parseLabels(text: string, file: string): readonly string[] {
  const plain = text.replace(/^\uFEFF/, "").trim();
  const isJson = /^[[{]/.test(plain);
  const labels = isJson ? fromJson(plain, file) : plain.split(/\r?\n/).map((line) => line.trim());
  const empty = isJson && labels.some((label) => label !== "") ? -1 : labels.indexOf("");
  if (labels.length === 0 || empty >= 0) {
    const problem = plain === "" ? "is empty" : `has no name for class ${Math.max(empty, 0)}`;
    throw new GradlensError("bad-file", `labels ${file} ${problem}: give one name for each class, in order`);
  }
  return labels;
}

function fromJson(text: string, file: string): string[] {
  const bad = (problem: string): GradlensError => new GradlensError("bad-file", `labels ${file}: ${problem}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw bad(`not valid JSON (${(error as Error).message})`);
  }
  const inner = isObject(value) ? (value["id2label"] ?? value["labels"] ?? value) : value;
  const list = isObject(inner) ? inOrder(inner) : inner;
  if (Array.isArray(list) && list.every((label) => typeof label === "string")) {
    return list.map((label) => label.trim());
  }
  throw bad('JSON must hold an array of names, or an object from index to name, as {"0": "cat", "1": "dog"}');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The values of {"0": a, "1": b}; undefined where an index is missing. */
function inOrder(object: Record<string, unknown>): unknown[] | undefined {
  const indexes = Object.keys(object);
  return indexes.every((_, i) => Object.hasOwn(object, String(i)))
    ? indexes.map((_, i) => object[i])
    : undefined;
}
