/** @file Unique names for result files. */

import { badArgument, type GradlensError } from "../errors.js";
import { suffixesOf, type Variation } from "./variation.js";
import { repeatedIn } from "../text/repeated.js";
import { suggestion } from "../models/nearest.js";
import { foldName, safeName } from "../text/safe-names.js";
import { say } from "../language/say.js";

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
  const repeated = repeatedIn(plain.map(foldName));
  const numbered = plain.map((name, i) => (repeated.has(foldName(name)) ? `${name}-${i}` : name));
  const isUnique = repeatedIn(numbered.map(foldName)).size === 0;
  return isUnique ? numbered : plain.map((name, i) => `${i}-${name}`);
}

/** The pictures of a map that patterns name: its overlay, guided backprop, and the product of both. */
export const KINDS = ["cam", "gb", "cam_gb"] as const;
export type Kind = (typeof KINDS)[number];

/** A pattern for each kind that has one. */
export type NamePatterns = Readonly<Partial<Record<Kind, string>>>;

/** The placeholders of a name pattern. `model` is the name of the model's folder, `layer` the layers joined by `+`. */
const PLACEHOLDERS = ["method", "label", "image", "model", "arch", "layer", "kind"] as const;
export type NameParts = Readonly<Record<(typeof PLACEHOLDERS)[number], string>>;

/**
 * The patterns of `--name`: one for all kinds, and `KIND=PATTERN` for one. Where the pattern for all lacks `{kind}`, the kind
 * stands before the suffix of pictures other than overlays.
 * @throws GradlensError "bad-argument"
 */
export function namePatterns(names: readonly string[]): NamePatterns {
  const plain: string[] = [];
  const patterns: Partial<Record<Kind, string>> = {};
  for (const name of names) {
    const [, kind, pattern] = /^(cam|gb|cam_gb)=(.*)$/.exec(name) ?? [];
    if (kind === undefined) plain.push(name);
    else patterns[kind as Kind] = pattern!;
  }
  const [all, second] = plain;
  if (second !== undefined)
    throw badArgument(say`--name "${all}" and "${second}": give one, or KIND=PATTERN`);
  if (all === undefined) return patterns;
  const dot = all.lastIndexOf(".");
  const withKind = all.includes("{kind}") ? all : `${all.slice(0, dot)}.{kind}${all.slice(dot)}`;
  return { cam: all, gb: withKind, cam_gb: withKind, ...patterns };
}

/**
 * Refuses a pattern that is not a path of a picture, or gives several maps of a run one name. `several`: the parts in which maps
 * differ.
 * @throws GradlensError "bad-argument"
 */
export function checkNames(patterns: NamePatterns, several: Partial<Record<keyof NameParts, boolean>>): void {
  for (const kind of KINDS) {
    const pattern = patterns[kind];
    // Guided backprop depends on no method and no layer.
    const differing = kind === "gb" ? { ...several, method: false, layer: false } : several;
    if (pattern !== undefined) checkName(pattern, differing);
  }
}

function checkName(name: string, several: Partial<Record<keyof NameParts, boolean>>): void {
  const bad = (problem: string): GradlensError => badArgument(say`--name "${name}" ${problem}`);
  if (name.includes("\\")) throw bad(say`holds a backslash: put / between folders`);
  if (name.split("/").some((step) => /^\s*\.*\s*$/.test(step)))
    throw bad(say`must be a path below the output folder, as gb/{image}.jpg`);
  if (!/\.(png|jpe?g|webp)$/i.test(name)) throw bad(say`must end in .png, .jpg or .webp`);
  for (const [, inner] of name.matchAll(/\{([^{}]*)\}/g)) {
    if (!(PLACEHOLDERS as readonly string[]).includes(inner!)) {
      const known = PLACEHOLDERS.map((part) => `{${part}}`).join(" ");
      throw bad(
        say`holds {${inner}}, which is not a placeholder (${known})${suggestion(inner!, PLACEHOLDERS)}`,
      );
    }
  }
  const missing = PLACEHOLDERS.find((part) => several[part] && !name.includes(`{${part}}`));
  if (missing !== undefined) throw bad(say`would give several maps one name: put {${missing}} into it`);
}

/** Fills in a pattern's placeholders: a path of safe names without its suffix, and the suffix. */
export function fillName(name: string, parts: NameParts): { stem: string; suffix: string } {
  const dot = name.lastIndexOf(".");
  const steps = name
    .slice(0, dot)
    .split("/")
    .map((step) => safeName(step.replace(/\{(\w+)\}/g, (_, part) => parts[part as keyof NameParts])));
  return { stem: steps.join("/"), suffix: name.slice(dot) };
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
