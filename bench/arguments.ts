/** @file The arguments of a benchmark: read by a table that --help is made of, or refused in one line. */

import { parseArgs } from "node:util";

export interface BenchOption {
  readonly type: "string" | "boolean";
  readonly default?: string | boolean;
  /** What stands for its value. */
  readonly value?: string;
  readonly help: string;
}

export interface Usage<T extends Readonly<Record<string, BenchOption>>> {
  /** How it is called. */
  readonly line: string;
  /** What may be named, with what it measures; the first is taken where none is. */
  readonly commands?: Readonly<Record<string, string>>;
  readonly options: T;
}

export const ADAPTER = {
  type: "string",
  default: process.env["GRADLENS_ADAPTER"] ?? "auto",
  value: "WHICH",
  help: "auto, gpu, gpu:NAME, system or embedded",
} as const satisfies BenchOption;

/** The options given, and the command. Ends the process for --help and for what is not understood. */
export function readArguments<const T extends Readonly<Record<string, BenchOption>>>(
  usage: Usage<T>,
  args = process.argv.slice(2),
) {
  const { commands = {} } = usage;
  const parsed = parsedOf(usage, args);
  if ("help" in parsed.values && parsed.values.help) {
    console.log(usageText(usage));
    process.exit(0);
  }
  const [command = Object.keys(commands)[0] ?? "", ...more] = parsed.positionals;
  if (more.length > 0 || (parsed.positionals.length > 0 && !Object.hasOwn(commands, command))) {
    const known = Object.keys(commands).join(", ");
    fail(`${parsed.positionals.join(" ")}: ${known === "" ? "it has no commands" : `there is ${known}`}`);
  }
  return { values: parsed.values, command };
}

function parsedOf<const T extends Readonly<Record<string, BenchOption>>>(
  { options }: Usage<T>,
  args: string[],
) {
  try {
    return parseArgs({ args, allowPositionals: true, options: { ...options, help: { type: "boolean" } } });
  } catch (error) {
    // Node's advice behind it is about its own ways.
    const [problem] = (error as Error).message.split(/\. |\n/);
    return fail(`${problem} (--help lists all)`);
  }
}

function usageText({ line, commands = {}, options }: Usage<Readonly<Record<string, BenchOption>>>): string {
  const rows = (entries: readonly (readonly [string, string])[]): string => {
    const width = Math.max(...entries.map(([name]) => name.length));
    return entries.map(([name, help]) => `  ${name.padEnd(width)}  ${help}\n`).join("");
  };
  const named = Object.entries(commands);
  const listed = Object.entries(options).map(([name, { value, help, ...option }]) => {
    const usual = typeof option.default === "string" && option.default !== "" ? ` (${option.default})` : "";
    return [`--${name}${value === undefined ? "" : ` ${value}`}`, `${help}${usual}`] as const;
  });
  return `${line}\n\n${named.length > 0 ? `${rows(named)}\n` : ""}${rows(listed).trimEnd()}`;
}

/** A whole number from 1 up. */
export function countOf(text: string, option: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count >= 1) return count;
  return fail(`--${option} ${text}: a whole number from 1 up is needed`);
}

/** Ends the process with one line. */
export function fail(problem: string): never {
  console.error(`bench: ${problem}`);
  process.exit(2);
}
