/** @file Class names from a file's bytes: one name a line, or JSON in the forms that training code writes. */

import { jsonTokens } from "../checkpoint/json.js";
import { isRecord, parseJsonText } from "../text/json.js";
import { GradlensError, shortened } from "../errors.js";
import { say } from "../language/say.js";

/** What a name's place is called, in the words of the programs that write such files. The first that is there counts. */
const UNDER = [
  "id2label",
  "idx_to_class",
  "labels",
  "class_names",
  "classes",
  "names",
  "class_to_idx",
  "label2id",
] as const;

/**
 * Labels from a file's text: one a line, or JSON. JSON may be an array of names, an object from index to name
 * (`{"0": "cat"}`; of a list, as in imagenet_class_index.json, the last entry is the name), an object from name to
 * index (`{"cat": 0}`, ImageFolder's class_to_idx), or one of these under `id2label`, `class_to_idx` and the like.
 * In JSON a class may have the name "": one that the model was not trained for, as in torchxrayvision's lists.
 * @throws GradlensError "bad-file"
 */
export function parseLabels(text: string, file: string): readonly string[] {
  const plain = text.replace(/^\uFEFF/, "").trim();
  const isJson = /^[[{]/.test(plain);
  const labels = isJson ? fromJson(plain, file) : plain.split(/\r\n|\n|\r/).map((line) => line.trim());
  const empty = isJson && labels.some((label) => label !== "") ? -1 : labels.indexOf("");
  if (labels.length === 0 || empty >= 0) {
    const problem = plain === "" ? say`is empty` : say`has no name for class ${Math.max(empty, 0)}`;
    throw new GradlensError(
      "bad-file",
      say`labels ${file} ${problem}: give one name for each class, in order`,
    );
  }
  return labels;
}

function fromJson(text: string, file: string): string[] {
  const bad = (problem: string): GradlensError =>
    new GradlensError("bad-file", say`labels ${file}: ${problem}`);
  const value = parseJsonText(text, (why) => bad(say`not valid JSON (${why})`));
  const inner = isRecord(value) ? innerOf(value) : value;
  if (inner === value && isRecord(value)) checkKeysOnce(text, bad);
  const labels = Array.isArray(inner)
    ? inner.map(nameOf)
    : isRecord(inner)
      ? ofObject(inner, bad)
      : [undefined];
  if (labels.every((label) => label !== undefined)) return labels;
  throw bad(
    say`JSON must hold an array of names, or an object of index and name, as {"0": "cat", "1": "dog"} or {"cat": 0, "dog": 1}`,
  );
}

/** A class may be called "labels": then its value is a number or a text. */
function innerOf(value: Record<string, unknown>): unknown {
  const name = UNDER.find((key) => typeof value[key] === "object" && value[key] !== null);
  return name === undefined ? value : value[name];
}

/** A name as JSON has it: a text, a number, or a list that ends with it (`["n01440764", "tench"]`). */
function nameOf(value: unknown): string | undefined {
  const name: unknown = Array.isArray(value) ? value.at(-1) : value;
  if (typeof name === "number" && Number.isFinite(name)) return String(name);
  return typeof name === "string" ? name.trim() : undefined;
}

type Bad = (problem: string) => GradlensError;

/** An object from index to name, or from name to index: the side that counts 0, 1, 2, ... is the index. */
function ofObject(object: Record<string, unknown>, bad: Bad): (string | undefined)[] {
  const entries = Object.entries(object);
  const byName = entries.map(([key, value]) => [indexText(value), key] as const);
  const keysCount = hasAll(entries.map(([key]) => key));
  const valuesCount = hasAll(byName.map(([index]) => index));
  if (keysCount && valuesCount) {
    // class_to_idx has numbers for indexes; a name is a text.
    if (entries.every(([, value]) => typeof value === "number")) return inOrder(byName, bad);
    if (entries.every(([key, value]) => object[value as string] === key)) return inOrder(entries, bad);
    throw bad(say`keys and values are both 0, 1, 2, ..., so either may be the names; give an array of names`);
  }
  if (keysCount) return inOrder(entries, bad);
  if (valuesCount) return inOrder(byName, bad);
  // The check of the indexes reports the fault.
  if (entries.every(([key]) => isIndex(key))) return inOrder(entries, bad);
  return byName.every(([index]) => isIndex(index)) ? inOrder(byName, bad) : [undefined];
}

const isIndex = (text: unknown): text is string =>
  typeof text === "string" && /^(?:0|[1-9]\d{0,8})$/.test(text);

const indexText = (value: unknown): unknown =>
  typeof value === "number" && Number.isInteger(value) ? String(value) : value;

const hasAll = (indexes: readonly unknown[]): boolean => {
  const found = new Set(indexes);
  return indexes.every((_, i) => found.has(String(i)));
};

/** @throws GradlensError "bad-file" for an index that is there twice or not at all */
function inOrder(
  pairs: readonly (readonly [index: unknown, name: unknown])[],
  bad: Bad,
): (string | undefined)[] {
  const names = new Map<string, string | undefined>();
  for (const [index, value] of pairs as readonly (readonly [string, unknown])[]) {
    const name = nameOf(value);
    if (names.has(index)) {
      throw bad(
        say`${quoted(names.get(index))} and ${quoted(name)} both have the index ${index}; give each class an index of its own`,
      );
    }
    names.set(index, name);
  }
  return pairs.map((_, i) => {
    if (names.has(String(i))) return names.get(String(i));
    throw bad(
      i === 0 && names.has("1")
        ? say`its indexes begin at 1; classes are counted from 0, in the order of the model's outputs`
        : say`no class has the index ${i}, but the file has ${pairs.length}; give one name for each index from 0`,
    );
  });
}

const quoted = (name: string | undefined): string => `"${shortened(name ?? "")}"`;

/** JSON.parse keeps the last of equal keys without a word. */
function checkKeysOnce(text: string, bad: Bad): void {
  const seen = new Set<string>();
  for (const { token: key, isKey } of jsonTokens(text)) {
    if (!isKey) continue;
    if (seen.has(key)) throw bad(say`${shortened(key)} occurs twice; give each class once`);
    seen.add(key);
  }
}
