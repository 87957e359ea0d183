/** @file Prints --help from the tables of commands and options. */

import { COMMAND_NAMES, COMMANDS, type Command, type CommandName } from "./commands/table.js";
import { placeholderOf, type OptionSpec } from "../options/kinds.js";
import { foldText } from "./text/fold.js";
import { OPTION_GROUPS, specOf, typedName, type OptionName } from "../options/table.js";
import { say, translated } from "../language/say.js";

const INDENT = "  ";

/** Help of one command: examples first, then what each option means. `columns` is the width of a line. */
export function commandHelp(name: CommandName, columns: number): string {
  const { summary, usage, examples, options, own = {} }: Command = COMMANDS[name];
  const groups = Object.entries(OPTION_GROUPS).flatMap(([group, specs]) => {
    const rows = options.filter((option) => option in specs).map((option) => optionRow(option, own[option]));
    return rows.length > 0 ? ["", say`${translated(group)}:`, ...table(rows, columns)] : [];
  });
  const others = COMMAND_NAMES.filter((other) => other !== name);
  return `${[
    say`Examples:`,
    ...examples.flatMap(([line, what]) => [`${INDENT}${line}`, `${INDENT.repeat(3)}${translated(what)}`]),
    "",
    say`Usage: ${usage}`,
    `${INDENT}${translated(summary)}`,
    ...groups,
    "",
    say`Options may also stand in FILE.gradlens.json beside the weights FILE.`,
    "",
    say`Other commands (each has its own --help):`,
    ...table(
      others.map((other) => [`gradlens ${other}`, translated(COMMANDS[other].summary)]),
      columns,
    ),
  ].join("\n")}\n`;
}

/** An option as it is typed, and what it means; `help` is what it means to one command. */
export function optionRow(name: OptionName, help = specOf(name).help): readonly [string, string] {
  const spec = specOf(name);
  const short = spec.short === undefined ? "" : `-${spec.short}, `;
  const value = placeholderOf(spec);
  const bare = "implied" in spec && spec.implied !== undefined;
  const shown = value === undefined ? "" : bare ? ` [${value}]` : ` ${value}`;
  const byDefault = defaultOf(spec);
  return [
    `${short}${typedName(name)}${shown}`,
    `${translated(help)}${byDefault === "" ? "" : say` (default: ${byDefault})`}`,
  ];
}

/** The default in words; empty for switches and options without one. */
export function defaultOf({ kind, defaultWords, default: value = "" }: OptionSpec): string {
  return kind === "flag" ? "" : defaultWords === undefined ? String(value) : translated(defaultWords);
}

/** Two columns; long texts are folded in the second. */
function table(rows: readonly (readonly [string, string])[], columns: number): string[] {
  const width = Math.min(26, Math.max(...rows.map(([left]) => left.length)));
  const begin = INDENT.length + width + 2;
  return rows.flatMap(([left, text]) => {
    const lines = foldText(text, Math.max(columns - begin, 30));
    const head = INDENT + left.padEnd(width);
    const fits = left.length <= width;
    const rest = lines.slice(fits ? 1 : 0).map((line) => " ".repeat(begin) + line);
    return [fits ? `${head}  ${lines[0]!}` : head, ...rest];
  });
}
