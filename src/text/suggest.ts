/** @file "Did you mean" as the end of a message. */

import { likelyMeant } from "../models/nearest.js";
import { say } from "../language/say.js";

/** `: did you mean x?`, or nothing where no candidate is near. */
export function suggestion(word: string, candidates: readonly string[]): string {
  const found = likelyMeant(word, candidates);
  return found === undefined ? "" : say`: did you mean ${found}?`;
}
