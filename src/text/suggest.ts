/** @file "Did you mean" as the end of a message. */

import { likelyMeant } from "../models/nearest.js";

/** `: did you mean x?`, or nothing where no candidate is near. */
export function suggestion(word: string, candidates: readonly string[]): string {
  const found = likelyMeant(word, candidates);
  return found === undefined ? "" : `: did you mean ${found}?`;
}
