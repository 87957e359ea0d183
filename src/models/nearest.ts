/** @file "Did you mean": the known names nearest to an unknown one. */

import { distance } from "fastest-levenshtein";

/** Names compare without case, hyphens and underscores. */
const fold = (name: string): string => name.toLowerCase().replace(/[-_\s]/g, "");

/** Names with their edit distances to a folded one, nearest first. The beginning of a name counts as one edit. */
function ranked(
  wanted: string,
  names: readonly string[],
): { readonly name: string; readonly edits: number }[] {
  const editsTo = (name: string): number => {
    const edits = distance(wanted, name);
    return wanted.length >= 3 && name.startsWith(wanted) ? Math.min(1, edits) : edits;
  };
  return names.map((name) => ({ name, edits: editsTo(fold(name)) })).sort((a, b) => a.edits - b.edits);
}

/** Up to `count` of `names`, nearest first. */
export const nearest = (name: string, names: readonly string[], count = 3): string[] =>
  ranked(fold(name), names)
    .slice(0, count)
    .map(({ name }) => name);

/**
 * Up to `count` of dotted `paths`, nearest first: by all of a path, or by its end where `path` lacks a beginning
 * (`denseblock4` of `features.denseblock4`), which costs one edit for each missing part.
 */
export function nearestPaths(path: string, paths: readonly string[], count = 3): string[] {
  const wanted = path.toLowerCase();
  const length = wanted.split(".").length;
  const editsTo = (one: string): number => {
    const parts = one.toLowerCase().split(".");
    const missing = Math.max(0, parts.length - length);
    const end = missing === 0 ? Infinity : missing + distance(wanted, parts.slice(missing).join("."));
    return Math.min(distance(wanted, parts.join(".")), end);
  };
  return paths
    .map((one) => ({ one, edits: editsTo(one) }))
    .sort((a, b) => a.edits - b.edits)
    .slice(0, count)
    .map(({ one }) => one);
}

/** The most likely of `names`; undefined if none is near. */
export function likelyMeant(name: string, names: readonly string[]): string | undefined {
  const wanted = fold(name);
  if (wanted === "") return undefined;
  // A swap of two letters counts two.
  const limit = wanted.length < 3 ? 1 : Math.max(2, Math.floor(wanted.length / 3));
  const [best] = ranked(wanted, names);
  return best !== undefined && best.edits <= limit ? best.name : undefined;
}
