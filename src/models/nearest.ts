/** @file "Did you mean": the known names nearest to an unknown one. */

import { distance } from "fastest-levenshtein";
import { shortened } from "../errors.js";
import { say } from "../language/say.js";

/** Names compare without case, spaces, hyphens and underscores. */
export const foldedName = (name: string): string => name.toLowerCase().replace(/[-_\s]/g, "");

/** Those with the fewest edits first. */
const byEdits = (names: readonly string[], editsTo: (name: string) => number): string[] =>
  names
    .map((name) => ({ name, edits: editsTo(name) }))
    .sort((a, b) => a.edits - b.edits)
    .map(({ name }) => name);

/** Edits from a folded name to another name. The beginning of a name counts as one edit. */
const editsFrom =
  (wanted: string) =>
  (name: string): number => {
    const edits = distance(wanted, foldedName(name));
    return wanted.length >= 3 && foldedName(name).startsWith(wanted) ? Math.min(1, edits) : edits;
  };

/** Up to `count` of `names`, nearest first. */
export const nearest = (name: string, names: readonly string[], count = 3): string[] =>
  byEdits(names, editsFrom(foldedName(name))).slice(0, count);

/**
 * Three of dotted `paths`, nearest first: by all of a path, or by its end where `path` lacks a beginning
 * (`denseblock4` of `features.denseblock4`), which costs one edit for each missing part.
 */
export function nearestPaths(path: string, paths: readonly string[]): string[] {
  const wanted = path.toLowerCase();
  const length = wanted.split(".").length;
  const editsTo = (one: string): number => {
    const parts = one.toLowerCase().split(".");
    const missing = Math.max(0, parts.length - length);
    const end = missing === 0 ? Infinity : missing + distance(wanted, parts.slice(missing).join("."));
    return Math.min(distance(wanted, parts.join(".")), end);
  };
  return byEdits(paths, editsTo).slice(0, 3);
}

/** The most likely of `names`; undefined if none is near. */
export function likelyMeant(name: string, names: readonly string[]): string | undefined {
  const wanted = foldedName(name);
  if (wanted === "") return undefined;
  // A swap of two letters counts two.
  const limit = wanted.length < 3 ? 1 : Math.max(2, Math.floor(wanted.length / 3));
  const editsTo = editsFrom(wanted);
  const [best] = byEdits(names, editsTo);
  return best !== undefined && editsTo(best) <= limit ? best : undefined;
}

/** The end of a message on an unknown name. */
export const meantWords = (name: string): string => say`: did you mean ${shortened(name)}?`;

/** The same for the most likely of `names`; empty if none is near. */
export function suggestion(name: string, names: readonly string[]): string {
  const meant = likelyMeant(name, names);
  return meant === undefined ? "" : meantWords(meant);
}
