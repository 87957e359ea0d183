/** @file Reads and checks values of JSON. */

/** The most lists and objects in one another: JSON is read deeper than it is written. */
const MAX_DEPTH = 50;

export function isDeep(value: unknown, room = MAX_DEPTH): boolean {
  if (typeof value !== "object" || value === null) return false;
  return room === 0 || Object.values(value).some((one) => isDeep(one, room - 1));
}

/** The value of a text. @throws what `problem` makes of the parser's reason */
export function parseJsonText(text: string, problem: (why: string) => Error): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw problem((error as Error).message);
  }
}

/** Whether a value is an object with keys, and not a list. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
