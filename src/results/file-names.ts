/** @file Unique names for result files. */

import { GradlensError } from "../errors.js";
import { suffixesOf, type Variation } from "./variation.js";
import { suggestion } from "../text/suggest.js";
import { foldName, safeName } from "../text/safe-names.js";

/** The most bytes (UTF-8) of a label or a layer in a file name. */
const PART_BYTES = 60;
/**
 * Each class as part of a file name: its label, or `class8` without labels. Classes with equal names get their index, so that a
 * class's name does not depend on the other requested ones.
 */
export function fileLabels(classes: number, labels?: readonly string[]): string[] {
  const plain = Array.from({ length: classes }, (_, i) => {
    const label = labels?.[i]?.trim().replace(/\s+/g, "_");
    return label ? safeName(label, PART_BYTES) : `class${i}`;
  });
  const numbered = plain.map((name, i) => (isRepeated(plain, name) ? `${name}-${i}` : name));
  return numbered.some((name) => isRepeated(numbered, name))
    ? plain.map((name, i) => `${i}-${name}`)
    : numbered;
}

const counts = new WeakMap<readonly string[], Map<string, number>>();

function isRepeated(names: readonly string[], name: string): boolean {
  let count = counts.get(names);
  if (count === undefined) {
    count = new Map();
    for (const one of names) count.set(foldName(one), (count.get(foldName(one)) ?? 0) + 1);
    counts.set(names, count);
  }
  return count.get(foldName(name))! > 1;
}

/** The placeholders of a name pattern. */
export interface NameParts {
  readonly method: string;
  readonly label: string;
  readonly image: string;
  readonly arch: string;
  /** Layers, joined by `+`. */
  readonly layer: string;
}

const PLACEHOLDERS: readonly (keyof NameParts)[] = ["method", "label", "image", "arch", "layer"];

/**
 * Refuses a pattern that is not a file name, or gives several maps of a run one name. `several`: the parts in which maps differ.
 * @throws GradlensError "bad-argument"
 */
export function checkName(name: string, several: Partial<Record<keyof NameParts, boolean>>): void {
  const bad = (problem: string): GradlensError =>
    new GradlensError("bad-argument", `--name "${name}" ${problem}`);
  if (/[/\\]/.test(name)) throw bad("names a folder: use --out for the folder");
  if (!/\.(png|jpe?g)$/i.test(name)) throw bad("must end in .png or .jpg");
  for (const [, inner] of name.matchAll(/\{([^{}]*)\}/g)) {
    if (!(PLACEHOLDERS as readonly string[]).includes(inner!)) {
      const known = PLACEHOLDERS.map((part) => `{${part}}`).join(" ");
      throw bad(`holds {${inner}}, which is not a placeholder (${known})${suggestion(inner!, PLACEHOLDERS)}`);
    }
  }
  const missing = PLACEHOLDERS.find((part) => several[part] && !name.includes(`{${part}}`));
  if (missing !== undefined) throw bad(`would give several maps one name: put {${missing}} into it`);
}

/** Fills in a pattern's placeholders: the stem of a safe file name, and the suffix. */
export function fillName(name: string, parts: NameParts): { stem: string; suffix: string } {
  const dot = name.lastIndexOf(".");
  const filled = name.slice(0, dot).replace(/\{(\w+)\}/g, (_, part) => parts[part as keyof NameParts]);
  return { stem: safeName(filled), suffix: name.slice(dot) };
}

/** The name of a map's overlay without --name: `gradcam-cat`, with the options that are not the default. */
export function defaultStem(
  parts: Pick<NameParts, "method" | "label"> & { readonly layer?: string },
  variation: Partial<Variation>,
): string {
  const { method, label, layer } = parts;
  return safeName(
    [method, label, ...(layer === undefined ? [] : [layer]), ...suffixesOf(variation)].join("-"),
  );
}

/** Layers as part of a file name; `model` for maps without layers. */
export function layerPart(layers: readonly string[]): string {
  if (layers.length === 0) return "model";
  return safeName(layers.join("+"), PART_BYTES);
}
