/** @file A file's own words, made fit to stand in a message. */

const MAX_LENGTH = 120;

/** `name` in quotes, on one line whatever it holds, and of bearable length. */
export function quoted(name: string): string {
  const short = name.length > MAX_LENGTH ? `${name.slice(0, MAX_LENGTH)}…` : name;
  return JSON.stringify(short).replace(
    /[\x7f-\x9f\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
