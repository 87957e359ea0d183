/** @file "Did you mean": the nearest known word to an unknown one. */

import { distance } from "fastest-levenshtein";

/** Words compare without case, hyphens and underscores. */
const fold = (word: string): string => word.toLowerCase().replace(/[-_\s]/g, "");

/** The candidate that is most likely meant, or undefined where none is near. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = fold(word);
  if (wanted === "") return undefined;
  // Two letters that changed places count two.
  const limit = wanted.length < 3 ? 1 : Math.max(2, Math.floor(wanted.length / 3));
  let best: { candidate: string; cost: number } | undefined;
  for (const candidate of candidates) {
    const folded = fold(candidate);
    // The beginning of a word is as near as one typing error.
    const cost =
      wanted.length >= 3 && folded.startsWith(wanted)
        ? Math.min(1, distance(wanted, folded))
        : distance(wanted, folded);
    if (cost <= limit && (best === undefined || cost < best.cost)) best = { candidate, cost };
  }
  return best?.candidate;
}

/** `: did you mean "x"?`, or nothing where no candidate is near. */
export function suggestion(word: string, candidates: Iterable<string>, before = ""): string {
  const found = nearest(word, candidates);
  return found === undefined ? "" : `: did you mean ${before}${found}?`;
}
