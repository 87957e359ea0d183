/** @file The text of a settings file: a JSON object of option names and values. */

import { badArgument, shortened } from "../errors.js";
import { isDeep, isRecord, parseJsonText } from "../text/json.js";
import { suggestion } from "../models/nearest.js";
import { isRepeatable, readValue, type OptionSpec } from "./kinds.js";
import { OPTION_NAMES, OPTIONS, optionNamed, specOf, spelled, type OptionValues } from "./table.js";
import { say } from "../language/say.js";

/**
 * Reads the text of a settings file; `file` is for messages.
 * @throws GradlensError "bad-argument" that names file and entry
 */
export function parseSettings(text: string, file: string): OptionValues {
  const entries = parseJsonText(text.replace(/^\uFEFF/, ""), (why) =>
    badArgument(say`${file} is not JSON (${why}): fix or remove it`),
  );
  if (!isRecord(entries)) {
    throw badArgument(say`${file} must hold an object of options, as {"size": 224, "labels": "labels.txt"}`);
  }
  const values: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(entries)) {
    const found = optionNamed(key);
    if (found === undefined || specOf(found.name).typedOnly) {
      const allowed = OPTION_NAMES.filter((name) => !specOf(name).typedOnly).map(spelled);
      throw badArgument(
        say`${file}: "${key}" is not an option for a settings file${suggestion(key, allowed)}`,
      );
    }
    const { name, negated } = found;
    if (isDeep(value))
      throw badArgument(say`${file}: "${key}" has a value of the wrong kind (lists in lists)`);
    const spec = specOf(name);
    const texts = textsOf(spec, value);
    if (texts === undefined)
      throw badArgument(
        say`${file}: "${key}" has a value of the wrong kind (${shortened(JSON.stringify(value))})`,
      );
    const read = readValue(spec, `${file}: "${key}"`, texts);
    values[name] = negated ? read === false : read;
  }
  return values;
}

/** A JSON value as the texts of the command line; undefined for a value of another kind. */
function textsOf(spec: OptionSpec, value: unknown): string[] | undefined {
  const plain = (one: unknown): one is string | number => typeof one === "string" || typeof one === "number";
  if (spec.kind === "flag") return typeof value === "boolean" ? [String(value)] : undefined;
  if (plain(value)) return [String(value)];
  // A list of labels is read as a file of JSON would be.
  if (spec === OPTIONS.labels && Array.isArray(value)) return [JSON.stringify(value)];
  if (!Array.isArray(value) || value.length === 0 || !value.every(plain)) return undefined;
  if (isRepeatable(spec)) return value.map(String);
  if (spec.kind === "numbers") return [value.join(",")];
  return spec.kind === "size" ? [value.join("x")] : undefined;
}
