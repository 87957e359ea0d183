/** @file The kinds of options: their rows in the table, their types, and how their text is read. */

import { badArgument } from "../errors.js";
import { parseThreshold, type Threshold } from "../image/threshold.js";
import { suggestion } from "../models/nearest.js";
import { say } from "../language/say.js";

interface Common {
  /** One line for --help, of at most 15 words. */
  readonly help: string;
  /** The placeholder of the value in --help; a choice lists its choices. */
  readonly value?: string;
  /** The letter of its short form, as `w` for `-w`. */
  readonly short?: string;
  /** Other names of the same option, as earlier ones; --help leaves them out. */
  readonly aliases?: readonly string[];
  /** The value without the option; of switches false, unless the table says true. */
  readonly default?: string | number | boolean;
  /** The default in words, for --help. */
  readonly defaultWords?: string;
  /** Not allowed in a settings file. */
  readonly typedOnly?: true;
  /** Uses every word up to the next option: a shell has written out the glob. */
  readonly greedy?: true;
}

export type OptionSpec = Common &
  (
    | { readonly kind: "flag" | "text" | "texts" | "list" | "numbers" | "size" | "bytes" | "threshold" }
    /** Words up to the next option, joined by spaces. `implied` is the value of the bare option, here and below. */
    | { readonly kind: "words"; readonly implied?: string }
    | { readonly kind: "choice"; readonly choices: readonly (string | number)[]; readonly implied?: string }
    | { readonly kind: "integer"; readonly min: number; readonly max: number }
    /** `word` may stand instead of a number; a number may lie up to `max`, or `below` a bound. */
    | {
        readonly kind: "number";
        readonly min: number;
        readonly max?: number;
        readonly below?: number;
        readonly word?: string;
      }
  );

/** Height and width in pixels. */
export type HeightWidth = readonly [height: number, width: number];

/** The type of an option's value. */
export type OptionValue<S extends OptionSpec> = S extends { kind: "flag" }
  ? boolean
  : S extends { kind: "text" | "words" }
    ? string
    : S extends { kind: "texts" | "list" }
      ? readonly string[]
      : S extends { kind: "numbers" }
        ? readonly number[]
        : S extends { kind: "size" }
          ? HeightWidth
          : S extends { kind: "choice"; choices: readonly (infer C)[] }
            ? C
            : S extends { kind: "threshold" }
              ? Threshold
              : S extends { kind: "number"; word: infer W }
                ? number | W
                : number;

/** The placeholder of an option's value; undefined for switches. */
export const placeholderOf = (spec: OptionSpec): string | undefined =>
  spec.kind === "choice" ? spec.choices.join("|") : spec.value;

/** Whether the option may be given more than once. */
export function isRepeatable(spec: OptionSpec): boolean {
  return spec.kind === "texts" || spec.kind === "list";
}

/**
 * Reads one option's texts (several only where it is repeatable) as its kind says; `shown` is how the user wrote it.
 * @throws GradlensError "bad-argument"
 */
export function readValue(
  spec: OptionSpec,
  shown: string,
  texts: readonly string[],
): boolean | string | number | readonly string[] | readonly number[] | HeightWidth {
  const empty = texts.find((text) => text.trim() === "");
  if (empty !== undefined)
    throw badArgument(say`${shown} needs a value: ${shown} ${placeholderOf(spec) ?? "VALUE"}`);
  const text = texts[0]!;
  switch (spec.kind) {
    case "flag":
      return readFlag(shown, text);
    case "text":
      return text;
    case "words":
      return texts.join(" ");
    case "texts":
      return texts;
    case "list":
      return texts.flatMap((one) => readList(shown, one));
    case "choice":
      return readChoice(shown, text, spec.choices);
    case "numbers":
      return readList(shown, text).map((one) => readNumber(shown, one, {}));
    case "size":
      return readSize(shown, text);
    case "bytes":
      return readBytes(shown, text);
    case "threshold":
      return parseThreshold(text, `${shown} "${text}"`);
    case "number":
      if (spec.word !== undefined && text.toLowerCase() === spec.word) return spec.word;
      return readNumber(shown, text, spec);
    case "integer":
      return readNumber(shown, text, { ...spec, whole: true });
  }
}

function readFlag(shown: string, text: string): boolean {
  if (text === "true" || text === "false") return text === "true";
  throw badArgument(say`${shown} is a switch and has no value ("${text}")`);
}

function readList(shown: string, text: string): string[] {
  const items = text.split(",").map((item) => item.trim());
  if (items.includes("")) throw badArgument(say`${shown} "${text}": a comma with nothing beside it`);
  return items;
}

function readChoice<T extends string | number>(shown: string, text: string, choices: readonly T[]): T {
  const found = choices.find((choice) => String(choice) === text.toLowerCase());
  if (found !== undefined) return found;
  const known = choices.map(String);
  throw badArgument(say`${shown} "${text}" is not one of ${known.join(", ")}${suggestion(text, known)}`);
}

interface NumberRange {
  readonly min?: number;
  readonly max?: number;
  readonly below?: number;
  readonly whole?: boolean;
  readonly word?: string;
}

function readNumber(shown: string, text: string, range: NumberRange): number {
  const { min = -Infinity, max = Infinity, below = Infinity, whole = false, word } = range;
  const value = Number(text);
  const isKind = Number.isFinite(value) && (!whole || Number.isInteger(value));
  if (isKind && value >= min && value <= max && value < below) return value;
  const end = below < Infinity ? say`less than ${below}` : max;
  const bounds = min === -Infinity ? "" : say` from ${min} to ${end}`;
  const other = word === undefined ? "" : say`, or ${word}`;
  throw badArgument(say`${shown} "${text}": give a ${whole ? say`whole ` : ""}number${bounds}${other}`);
}

function readSize(shown: string, text: string): HeightWidth {
  const match = /^(\d{1,5})(?:\s*[x×]\s*(\d{1,5}))?$/i.exec(text.trim());
  const height = Number(match?.[1]);
  const width = Number(match?.[2] ?? match?.[1]);
  if (match && height >= 1 && width >= 1) return [height, width];
  throw badArgument(say`${shown} "${text}": give one side in pixels (224) or HEIGHTxWIDTH (320x256)`);
}

/** How many bytes each ending of a number stands for, in small letters. */
const BYTE_UNITS: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  ...Object.fromEntries(
    ["k", "m", "g", "t"].flatMap((letter, i) => [
      [letter, 1000 ** (i + 1)],
      [`${letter}b`, 1000 ** (i + 1)],
      [`${letter}i`, 1024 ** (i + 1)],
      [`${letter}ib`, 1024 ** (i + 1)],
    ]),
  ),
};

function readBytes(shown: string, text: string): number {
  const [, number, ending] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  const unit = BYTE_UNITS[ending?.toLowerCase() ?? "none"];
  const bytes = Math.floor(Number(number) * (unit ?? NaN));
  if (Number.isSafeInteger(bytes) && bytes >= 1) return bytes;
  throw badArgument(say`${shown} "${text}": give bytes, as 500M or 2G (powers of 1000), or 512MiB (of 1024)`);
}
