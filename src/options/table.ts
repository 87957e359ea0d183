/** @file The table of options: parsing, --help, "did you mean", settings files and docs/OPTIONS.md follow from it. */

import type { OptionSpec, OptionValue } from "./kinds.js";
import { MAP_ROWS } from "./rows/maps.js";
import { MODEL_ROWS } from "./rows/model.js";
import { OUTPUT_ROWS } from "./rows/output.js";
import { PICTURE_ROWS } from "./rows/pictures.js";
import { CHECKPOINT_ROWS, OTHER_ROWS, RUNNING_ROWS } from "./rows/running.js";

/** In the order of --help. */
export const OPTIONS = {
  ...MODEL_ROWS,
  ...PICTURE_ROWS,
  ...MAP_ROWS,
  ...OUTPUT_ROWS,
  ...RUNNING_ROWS,
  ...CHECKPOINT_ROWS,
  ...OTHER_ROWS,
} as const satisfies Record<string, OptionSpec>;

/** The same under their headings. */
export const OPTION_GROUPS = {
  Model: MODEL_ROWS,
  Pictures: PICTURE_ROWS,
  Maps: MAP_ROWS,
  Output: OUTPUT_ROWS,
  Running: RUNNING_ROWS,
  Checkpoints: CHECKPOINT_ROWS,
  Other: OTHER_ROWS,
} as const;

export type OptionGroup = keyof typeof OPTION_GROUPS;

/** The heading of an option in --help. */
export const groupOf = (name: OptionName): OptionGroup =>
  (Object.keys(OPTION_GROUPS) as OptionGroup[]).find((group) => name in OPTION_GROUPS[group])!;

export type OptionName = keyof typeof OPTIONS;
type Spec<K extends OptionName> = (typeof OPTIONS)[K];

/** Options as given, each of its kind's type; an option that was not given is absent. */
export type OptionValues = { [K in OptionName]?: OptionValue<Spec<K>> };

/** Options with the defaults of the table; switches are off. */
export type FilledValues = {
  readonly [K in OptionName]:
    OptionValue<Spec<K>> | (Spec<K> extends { kind: "flag" } | { default: unknown } ? never : undefined);
};

export const OPTION_NAMES = Object.keys(OPTIONS) as OptionName[];

/** Without the options that only commands about checkpoints use. */
export const CAM_OPTION_NAMES = OPTION_NAMES.filter((name) => !(name in CHECKPOINT_ROWS));

/** The table's row, seen as the general type. */
export function specOf(name: OptionName): OptionSpec {
  return OPTIONS[name];
}

export function withDefaults(values: OptionValues): FilledValues {
  const filled = OPTION_NAMES.map((name) => {
    const { kind, default: value = kind === "flag" ? false : undefined } = specOf(name);
    return [name, values[name] ?? value];
  });
  return Object.fromEntries(filled) as FilledValues;
}

/** As in a settings file: `crop-pct`. */
export const spelled = (name: OptionName): string => name.replace(/[A-Z]/g, (big) => `-${big.toLowerCase()}`);

/** As on the command line: `--crop-pct`, and `--no-relu` for a switch that is on. */
export const typedName = (name: OptionName): string =>
  `--${specOf(name).default === true ? "no-" : ""}${spelled(name)}`;

/** An option's own name and its other names, in small letters. */
export const namesOf = (name: OptionName): readonly string[] => [
  spelled(name),
  ...(specOf(name).aliases ?? []),
];

/**
 * The option of a name or alias; underscores count as hyphens, and `no-` before a switch's name turns it off
 * (`negated`). Undefined where no option has this name.
 */
export function optionNamed(
  word: string,
): { readonly name: OptionName; readonly negated: boolean } | undefined {
  const wanted = word.toLowerCase().replaceAll("_", "-");
  const named = (one: string): OptionName | undefined =>
    OPTION_NAMES.find((name) => namesOf(name).includes(one));
  const name = named(wanted);
  if (name !== undefined) return { name, negated: false };
  const positive = wanted.startsWith("no-") ? named(wanted.slice(3)) : undefined;
  return positive !== undefined && specOf(positive).kind === "flag"
    ? { name: positive, negated: true }
    : undefined;
}
