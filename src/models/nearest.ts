/** @file "Did you mean": the names nearest to one that is unknown. */

import { distance } from "fastest-levenshtein";

/** Up to `count` of `names`, nearest first by edit distance, case ignored. */
export function nearest(name: string, names: readonly string[], count = 3): string[] {
  const wanted = name.toLowerCase();
  return names
    .map((candidate) => ({ candidate, far: distance(wanted, candidate.toLowerCase()) }))
    .sort((a, b) => a.far - b.far)
    .slice(0, count)
    .map(({ candidate }) => candidate);
}
