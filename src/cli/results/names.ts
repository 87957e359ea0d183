/** @file Names of files and folders: safe on every file system, and never the same for two things. */

import { createHash } from "node:crypto";
import { GradlensError } from "../../errors.js";
import type { Variation } from "./manifest.js";
import { suggestion } from "../arguments/suggest.js";

/** Longest part of a file name made from a label or a layer, in bytes of UTF-8. */
const PART_BYTES = 60;
/** Longest file name, in bytes of UTF-8; some encrypted file systems allow 143. */
const NAME_BYTES = 120;

/** Names that Windows keeps for devices, also with a suffix. */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|$)/i;
/** What no file name may hold on some system: control, format and surrogate characters, and <>:"/\|?* . */
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffd<>:"/\\|?*]/gu;

/**
 * A text as one part of a path that every file system takes: NFC, forbidden characters as `_`, no dot or space at the end,
 * no leading dot, no device name, at most `bytes` long (then cut, with a hash of the whole).
 */
export function safeName(text: string, bytes = NAME_BYTES): string {
  const name = text
    .normalize("NFC")
    .replace(FORBIDDEN, "_")
    .replace(/^\s+|[\s.]+$/g, "")
    .replace(/^\./, "_");
  if (name === "") return `_${hashOf(text)}`;
  if (Buffer.byteLength(name) > bytes) return `${cut(name, bytes - 9)}~${hashOf(text)}`;
  return RESERVED.test(name) ? `_${name}` : name;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

/** The longest beginning of whole characters within a number of bytes. */
function cut(text: string, bytes: number): string {
  let result = "";
  for (const character of text) {
    if (Buffer.byteLength(result) + Buffer.byteLength(character) > bytes) break;
    result += character;
  }
  return result.replace(/[\s.]+$/, "");
}

/** Equal for names that some file system takes for the same (without case, composed or not). */
export function foldName(name: string): string {
  return name.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC");
}

/** Gives out names once: a name already taken gets a number. */
export class NameBook {
  readonly #taken = new Set<string>();

  take(stem: string, suffix = ""): string {
    let name = stem + suffix;
    for (let i = 2; this.#taken.has(foldName(name)); i++) name = `${stem}-${i}${suffix}`;
    this.#taken.add(foldName(name));
    return name;
  }
}

/**
 * Each class as part of a file name: its label, or `class8` without labels. Classes whose labels would give the same
 * name carry their index, so that a class has the same name whichever others are asked for.
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

/** What may stand in a name pattern. */
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
 * Refuses a pattern that is no file name, or that would give maps of one run the same name (`several` says which parts
 * they differ in). Throws `bad-argument`.
 */
export function checkPattern(pattern: string, several: Partial<Record<keyof NameParts, boolean>>): void {
  const bad = (problem: string): GradlensError =>
    new GradlensError("bad-argument", `--name "${pattern}" ${problem}`);
  if (/[/\\]/.test(pattern)) throw bad("names a folder: --out says where files go");
  if (!/\.(png|jpe?g)$/i.test(pattern)) throw bad("must end in .png or .jpg");
  for (const [, inner] of pattern.matchAll(/\{([^{}]*)\}/g)) {
    if (!(PLACEHOLDERS as readonly string[]).includes(inner!)) {
      const known = PLACEHOLDERS.map((name) => `{${name}}`).join(" ");
      throw bad(`holds {${inner}}, which is none of ${known}${suggestion(inner!, PLACEHOLDERS)}`);
    }
  }
  const missing = PLACEHOLDERS.find((name) => several[name] && !pattern.includes(`{${name}}`));
  if (missing !== undefined) throw bad(`would give several maps one name: put {${missing}} into it`);
}

/** A pattern with its placeholders filled in: the stem of a safe file name, and the suffix. */
export function fillPattern(pattern: string, parts: NameParts): { stem: string; suffix: string } {
  const dot = pattern.lastIndexOf(".");
  const filled = pattern.slice(0, dot).replace(/\{(\w+)\}/g, (_, name) => parts[name as keyof NameParts]);
  return { stem: safeName(filled), suffix: pattern.slice(dot) };
}

/** The name of a map's overlay without a pattern: `gradcam-cat`, with whatever is not the default. */
export function defaultStem(
  parts: Pick<NameParts, "method" | "label"> & { readonly layer?: string },
  how: { readonly augSmooth: boolean; readonly eigenSmooth: boolean } & Variation,
): string {
  const words = [parts.method, parts.label];
  if (parts.layer !== undefined) words.push(parts.layer);
  if (how.augSmooth) words.push("aug");
  if (how.eigenSmooth) words.push("eigen");
  if (how.signed) words.push("signed");
  if (how.scaledWith) words.push("shared");
  if (how.topChannels) words.push(`top${how.topChannels}`);
  if (how.score && how.score !== "logit") words.push(how.score);
  if (how.rolloutHeads && how.rolloutHeads !== "mean") words.push(how.rolloutHeads);
  if (how.discardRatio) words.push(`discard${how.discardRatio}`);
  if (how.seed) words.push(`seed${how.seed}`);
  return safeName(words.join("-"));
}

/** Layers as part of a file name; `model` for maps of no layer. */
export function layerPart(layers: readonly string[]): string {
  if (layers.length === 0) return "model";
  return safeName(layers.join("+"), PART_BYTES);
}
