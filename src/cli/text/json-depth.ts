/** @file Whether a value read from JSON can be written as JSON again: reading goes deeper than writing. */

/** Lists and objects in one another beyond this mean nothing to us. */
const MAX_DEPTH = 50;

export function isDeep(value: unknown, room = MAX_DEPTH): boolean {
  if (typeof value !== "object" || value === null) return false;
  return room === 0 || Object.values(value).some((one) => isDeep(one, room - 1));
}
