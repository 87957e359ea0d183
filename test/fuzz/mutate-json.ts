/** @file Changes of a JSON value that leave it JSON. */

import { oneOf, type Random } from "./random.js";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Of another kind, empty, at the ends of what numbers are, with letters that mean something to somebody. */
const VALUES: readonly Json[] = [
  ...[null, true, false, 0, -1, 1, 0.5, 1e308, -1e-320, 2 ** 31, 2 ** 53, 1e9],
  ...[
    "",
    " ",
    "0",
    "cat",
    "../x",
    "a/b.png",
    "mine.png",
    "x.png",
    "a\nb",
    "\u001b[2J",
    "=1+1",
    "\u202e",
    "\ud800",
    "x".repeat(5000),
  ],
  ...[[], {}, [[]], [null], [0], ["cat", "cat"], { "0": "cat" }, [{}], { length: 3 }],
];
const KEYS = ["", "0", "__proto__", "constructor", "toString", "length", "labels", "size", "x"];

const isObject = (value: Json): value is { [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Up to three changes. */
export function mutatedJson(value: Json, random: Random): Json {
  let result = value;
  for (let i = 1 + random(3); i > 0; i--) result = changed(result, random, value);
  return result;
}

/** A value at a random depth becomes another one, goes, or comes twice. */
function changed(value: Json, random: Random, whole: Json): Json {
  const goesOn = random(5) > 0;
  if (Array.isArray(value) && value.length > 0 && goesOn) {
    const at = random(value.length);
    const choice = random(8);
    if (choice === 0) return value.toSpliced(at, 1);
    if (choice === 1) return value.toSpliced(at, 0, value[random(value.length)]!);
    return value.with(at, changed(value[at]!, random, whole));
  }
  if (isObject(value) && Object.keys(value).length > 0 && goesOn) {
    const entries = Object.entries(value);
    const at = random(entries.length);
    const [key, inner] = entries[at]!;
    const choice = random(10);
    if (choice === 0) return Object.fromEntries(entries.toSpliced(at, 1));
    if (choice === 1) return Object.fromEntries([...entries, [oneOf(KEYS, random), oneOf(VALUES, random)]]);
    if (choice === 2) return Object.fromEntries(entries.with(at, [oneOf(KEYS, random), inner]));
    return Object.fromEntries(entries.with(at, [key, changed(inner, random, whole)]));
  }
  if (typeof value === "number" && random(2) === 0)
    return oneOf([-value, value + 1, value / 2, 1e300 * value], random);
  return random(6) === 0 ? innerOf(whole, random) : oneOf(VALUES, random);
}

/** What stands elsewhere in the file. */
function innerOf(value: Json, random: Random): Json {
  if (typeof value !== "object" || value === null || random(4) === 0) return value;
  const inner = Object.values(value);
  return inner.length === 0 ? value : innerOf(oneOf(inner, random), random);
}

/** The text of a JSON file changed within JSON, or undefined for another text. */
export function mutateJsonText(text: string, random: Random): string | undefined {
  try {
    return JSON.stringify(mutatedJson(JSON.parse(text) as Json, random), null, random(2));
  } catch {
    return undefined;
  }
}
