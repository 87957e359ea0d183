/** @file Parses argv into options and plain arguments, without reading files. */

import { badArgument } from "../../errors.js";
import { isRepeatable, placeholderOf, readValue, type OptionSpec } from "../../options/kinds.js";
import {
  namesOf,
  OPTION_NAMES,
  optionNamed,
  specOf,
  spelled,
  typedName,
  type OptionName,
  type OptionValues,
} from "../../options/table.js";
import { meantWords, suggestion } from "../../models/nearest.js";
import { say } from "../../language/say.js";

/** The arguments after the command. */
export interface Parsed {
  readonly values: OptionValues;
  /** Arguments without an option. */
  readonly strays: readonly string[];
}

/** Long forms by short ones: `--weights` by `-w`. */
const SHORT: ReadonlyMap<string, string> = new Map(
  OPTION_NAMES.flatMap((name) => {
    const { short } = specOf(name);
    return short === undefined ? [] : [[`-${short}`, `--${spelled(name)}`] as const];
  }),
);

/** Options of other programs, and those here that mean the same. */
const ELSEWHERE: Readonly<Record<string, readonly OptionName[]>> = {
  model: ["arch", "weights"],
  checkpoint: ["weights"],
  ckpt: ["weights"],
  "model-path": ["weights"],
  network: ["arch"],
  input: ["image"],
  picture: ["image"],
  pictures: ["image"],
  output: ["out"],
  classes: ["labels"],
  "class-names": ["labels"],
  "target-layer": ["layer"],
  "target-layers": ["layer"],
  "target-category": ["target"],
  "image-weight": ["alpha"],
};

/**
 * Reads the arguments of a command with the options `known`. Both `--name value` and `--name=value` are
 * understood, underscores count as hyphens, and `--no-name` turns a switch off. Lists may stand between commas or spaces.
 * @throws GradlensError "bad-argument" naming the argument
 */
export function parseArguments(
  argv: readonly string[],
  command: string,
  known: readonly OptionName[],
): Parsed {
  const texts = new Map<OptionName, { shown: string; texts: string[] }>();
  const strays: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i]!;
    if (argument === "--") {
      for (const word of argv.slice(i + 1)) strays.push(word);
      break;
    }
    if (!/^-[^\d]/.test(argument)) {
      strays.push(argument);
      continue;
    }
    const [typed, inline] = parts(argument);
    const shown = SHORT.get(typed) ?? typed;
    const { name, negated } = findOption(shown, argv[i + 1], command, known);
    const spec = specOf(name);
    const words = valueWords(argv.slice(i + 1), spec, { shown, inline, negated });
    i += words.used;
    const earlier = texts.get(name);
    if (earlier === undefined) texts.set(name, { shown, texts: words.texts });
    else if (isRepeatable(spec)) earlier.texts = [...earlier.texts, ...words.texts];
    else if (earlier.texts[0] !== words.texts[0]) {
      throw badArgument(
        say`${typedName(name)} is given twice, as "${earlier.texts[0]}" and "${words.texts[0]}": keep one`,
      );
    }
  }
  const values = Object.fromEntries(
    [...texts].map(([name, given]) => [name, readValue(specOf(name), given.shown, given.texts)]),
  ) as OptionValues;
  return { values, strays };
}

/** The texts of one option, and how many of the words after it they use. */
function valueWords(
  rest: readonly string[],
  spec: OptionSpec,
  { shown, inline, negated }: { shown: string; inline: string | undefined; negated: boolean },
): { texts: string[]; used: number } {
  if (spec.kind === "flag") {
    if (negated && inline !== undefined) throw badArgument(say`${shown} has no value ("${inline}")`);
    return { texts: [inline ?? String(!negated)], used: 0 };
  }
  if (inline !== undefined) return { texts: [inline], used: 0 };
  const words = takeWhile(rest, isValue);
  const first = words[0];
  if (first === undefined) {
    if ("implied" in spec && spec.implied !== undefined) return { texts: [spec.implied], used: 0 };
    throw badArgument(say`${shown} needs a value: ${shown} ${placeholderOf(spec)}`);
  }
  if (spec.kind === "numbers" || spec.kind === "list") {
    const isItem = spec.kind === "numbers" ? isNumber : isName;
    const items = [first, ...takeWhile(words.slice(1), isItem)];
    return { texts: [joined(items)], used: items.length };
  }
  const texts = spec.greedy || spec.kind === "words" ? words : [first];
  return { texts, used: texts.length };
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?,?$/i;
const isNumber = (word: string): boolean => NUMBER.test(word);

/** No path of a file. */
const isName = (word: string): boolean => !/[./\\]/.test(word);

/** The words before the first of another kind. */
function takeWhile(words: readonly string[], holds: (word: string) => boolean): string[] {
  const end = words.findIndex((word) => !holds(word));
  return words.slice(0, end < 0 ? undefined : end);
}

/** `0.5 0.5 0.5` and `0.5, 0.5, 0.5` as `0.5,0.5,0.5`. */
const joined = ([first, ...others]: readonly string[]): string =>
  others.length === 0 ? first! : [first!, ...others].map((word) => word.replace(/,$/, "")).join(",");

/** The option of a typed name, `--Aug_Smooth` included. `next` is the word after it. */
function findOption(
  shown: string,
  next: string | undefined,
  command: string,
  known: readonly OptionName[],
): { readonly name: OptionName; readonly negated: boolean } {
  const found = shown.startsWith("--") ? optionNamed(shown.slice(2)) : undefined;
  if (found !== undefined && known.includes(found.name)) return found;
  if (found !== undefined) {
    throw badArgument(say`gradlens ${command} has no ${shown}; it has ${known.map(typedName).join(", ")}`);
  }
  const meant = elsewhere(shown, next, known);
  const names = known.flatMap((name) => [typedName(name), ...namesOf(name).map((one) => `--${one}`)]);
  const hint = meant === undefined ? suggestion(shown, names) : meantWords(meant);
  throw badArgument(
    say`unknown option ${shown}${hint || say`: gradlens ${command} --help lists the options`}`,
  );
}

/** The option here for one of another program; where there are two, a value that is a file is one of weights. */
function elsewhere(
  shown: string,
  next: string | undefined,
  known: readonly OptionName[],
): string | undefined {
  const all = ELSEWHERE[shown.replace(/^-+/, "").toLowerCase().replaceAll("_", "-")] ?? [];
  const names = all.filter((name) => known.includes(name));
  const isFile = next !== undefined && /[./\\]/.test(next);
  const name = isFile && names.includes("weights") ? "weights" : names[0];
  if (name === undefined) return undefined;
  return `${typedName(name)} ${next !== undefined && isValue(next) ? next : placeholderOf(specOf(name))}`;
}

/** A word that can be an option's value: also `-` (stdin) and negative numbers, but no option. */
function isValue(word: string): boolean {
  return !word.startsWith("--") && !SHORT.has(parts(word)[0]);
}

/** `--name=value` as its two parts. */
function parts(text: string): [string, string | undefined] {
  const i = text.indexOf("=");
  return i < 0 ? [text, undefined] : [text.slice(0, i), text.slice(i + 1)];
}
