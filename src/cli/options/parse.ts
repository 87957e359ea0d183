/** @file Parses argv into options and plain arguments, without reading files. */

import { badArgument } from "../../errors.js";
import { isRepeatable, placeholderOf, readValue, type OptionSpec } from "../../options/kinds.js";
import {
  namesOf,
  optionNamed,
  specOf,
  typedName,
  type OptionName,
  type OptionValues,
} from "../../options/table.js";
import { suggestion } from "../../text/suggest.js";

/** The arguments after the command. */
export interface Parsed {
  readonly values: OptionValues;
  /** Arguments without an option. */
  readonly strays: readonly string[];
}

const SHORT: Readonly<Record<string, string>> = {
  "-h": "--help",
  "-V": "--version",
  "-o": "--out",
  "-q": "--quiet",
};

/**
 * Reads the arguments of a command with the options `known`. Both `--name value` and `--name=value` are
 * understood, underscores count as hyphens, and `--no-name` turns a switch off.
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
    const argument = SHORT[argv[i]!] ?? argv[i]!;
    if (argument === "--") {
      for (const word of argv.slice(i + 1)) strays.push(word);
      break;
    }
    if (!/^-[^\d]/.test(argument)) {
      strays.push(argument);
      continue;
    }
    const [shown, inline] = splitOnce(argument, "=");
    const { name, negated } = findOption(shown, command, known);
    const spec = specOf(name);
    const words = valueWords(argv.slice(i + 1), spec, { shown, inline, negated });
    i += words.used;
    const earlier = texts.get(name);
    if (earlier === undefined) texts.set(name, { shown, texts: words.texts });
    else if (isRepeatable(spec)) earlier.texts = [...earlier.texts, ...words.texts];
    else if (earlier.texts[0] !== words.texts[0]) {
      throw badArgument(
        `${typedName(name)} is given twice, as "${earlier.texts[0]}" and "${words.texts[0]}": keep one`,
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
    if (negated && inline !== undefined) throw badArgument(`${shown} has no value ("${inline}")`);
    return { texts: [inline ?? String(!negated)], used: 0 };
  }
  if (inline !== undefined) return { texts: [inline], used: 0 };
  const end = rest.findIndex((word) => !isValue(word));
  const words = rest.slice(0, end < 0 ? undefined : end);
  const first = words[0];
  if (first === undefined) {
    if ("implied" in spec && spec.implied !== undefined) return { texts: [spec.implied], used: 0 };
    throw badArgument(`${shown} needs a value: ${shown} ${placeholderOf(spec)}`);
  }
  const texts = spec.greedy || spec.kind === "words" ? words : [first];
  return { texts, used: texts.length };
}

/** The option of a typed name, `--Aug_Smooth` included. */
function findOption(
  shown: string,
  command: string,
  known: readonly OptionName[],
): { readonly name: OptionName; readonly negated: boolean } {
  const found = shown.startsWith("--") ? optionNamed(shown.slice(2)) : undefined;
  if (found !== undefined && known.includes(found.name)) return found;
  if (found !== undefined) {
    throw badArgument(`gradlens ${command} has no ${shown}; it has ${known.map(typedName).join(", ")}`);
  }
  const names = known.flatMap((name) => [typedName(name), ...namesOf(name).map((one) => `--${one}`)]);
  const hint = suggestion(shown, names);
  throw badArgument(`unknown option ${shown}${hint || `: gradlens ${command} --help lists the options`}`);
}

/** A word that can be an option's value: also `-` (stdin) and negative numbers, but no option. */
function isValue(word: string): boolean {
  return !word.startsWith("--") && SHORT[word] === undefined;
}

function splitOnce(text: string, at: string): [string, string | undefined] {
  const i = text.indexOf(at);
  return i < 0 ? [text, undefined] : [text.slice(0, i), text.slice(i + 1)];
}
