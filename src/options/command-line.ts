/** @file Formats options as command-line words. Parsing the words gives the same options. */

import { specOf, typedName, OPTION_NAMES, spelled, type OptionName, type OptionValues } from "./table.js";
import type { OptionSpec } from "./kinds.js";

/** A value as it is typed. Repeatable options give several texts. */
export function textsOf(name: OptionName, value: NonNullable<OptionValues[OptionName]>): readonly string[] {
  const { kind }: OptionSpec = specOf(name);
  if (kind === "texts") return value as readonly string[];
  if (kind === "size") return [(value as readonly number[]).join("x")];
  return [Array.isArray(value) ? value.join(",") : String(value)];
}

/** The arguments that give these values, in the table's order. */
export function argumentsOf(values: OptionValues): string[] {
  return OPTION_NAMES.flatMap((name) => {
    const value = values[name];
    if (value === undefined) return [];
    if (specOf(name).kind === "flag") {
      const isDefault = value === (specOf(name).default ?? false);
      const off = value === false && !typedName(name).startsWith("--no-");
      return isDefault ? [] : [off ? `--no-${spelled(name)}` : typedName(name)];
    }
    const texts = textsOf(name, value);
    if ("greedy" in specOf(name)) return texts.length > 0 ? [typedName(name), ...texts] : [];
    return texts.flatMap((text) => [typedName(name), text]);
  });
}

/** A word for a POSIX shell, quoted where it needs to be. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** The command that makes what these options say, ready to paste. */
export const commandLine = (values: OptionValues): string =>
  ["gradlens", "cam", ...argumentsOf(values)].map(shellWord).join(" ");
