/** @file Turns the failure of a call into undefined. */

/** What the call returns; undefined where it throws. */
export function attempt<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch {
    return undefined;
  }
}
