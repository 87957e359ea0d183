/** @file Reads JSON of a file's header strictly: broken JSON and repeated names are refused. */

import { quote } from "./quote.js";
import { badFile } from "./source.js";
import { say } from "../language/say.js";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** @throws GradlensError "bad-file" if `bytes` are not UTF-8, not JSON, or repeat a key in one object */
export function parseFileJson(file: string, what: string, bytes: Uint8Array): Json {
  let text: string;
  let value: Json;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text) as Json;
  } catch (error) {
    throw badFile(file, say`${what} is not valid JSON: the file is damaged; copy or download it again`, {
      cause: error,
    });
  }
  const twice = repeatedKey(text);
  if (twice !== undefined) throw badFile(file, say`${what} names ${quote(twice)} twice: the file is damaged`);
  return value;
}

export const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0;

/** The first repeated key in an object of a valid JSON text. (JSON.parse keeps the last one silently.) */
function repeatedKey(text: string): string | undefined {
  const open: Set<string>[] = [];
  for (const { token, isKey } of jsonTokens(text)) {
    if (token === "{") open.push(new Set());
    else if (token === "}") open.pop();
    else if (isKey) {
      const key = JSON.parse(token) as string;
      const keys = open.at(-1)!;
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return undefined;
}

/**
 * The quoted strings and the object brackets of a valid JSON text. Scanned by hand, because a regular expression overflows its
 * stack on a string of a few million letters.
 */
export function* jsonTokens(text: string): Generator<{ readonly token: string; readonly isKey: boolean }> {
  const colon = /\s*:/y;
  const next = /["{}]/g;
  for (let found = next.exec(text); found; found = next.exec(text)) {
    const start = found.index;
    if (found[0] !== '"') {
      yield { token: found[0], isKey: false };
      continue;
    }
    let end = start + 1;
    while (text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
    colon.lastIndex = next.lastIndex = end + 1;
    yield { token: text.slice(start, end + 1), isKey: colon.test(text) };
  }
}
