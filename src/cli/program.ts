/** @file Runs a command from its arguments to an exit code. */

import { badArgument, GradlensError } from "../errors.js";
import {
  COMMAND_NAMES,
  COMMANDS,
  DEFAULT_COMMAND,
  type Command,
  type CommandName,
} from "./commands/table.js";
import { asGradlensError, errorText, exitCode } from "./terminal/exit.js";
import { safeLines } from "./text/safe-text.js";
import { commandHelp } from "./help.js";
import type { Host, Out } from "./terminal/host.js";
import { setLanguage } from "../language/languages.js";
import { languageOf } from "./options/language.js";
import { parseArguments } from "./options/parse.js";
import { meantWords, suggestion } from "../models/nearest.js";
import { say } from "../language/say.js";

/** Runs the program to its end; never throws. Gives the exit code: 0, 1 (GPU, bug), 2 (input), 3 (no adapter), 130. */
export async function runProgram(argv: readonly string[], host: Host): Promise<number> {
  // Files, names and labels may hold control characters; none reaches the terminal.
  const stdout = outWith(host.stdout, safeLines);
  try {
    await setLanguage(languageOf(argv, host.env));
    return await dispatch(argv, { ...host, stdout });
  } catch (error) {
    const known = host.signal.aborted
      ? new GradlensError("aborted", say`interrupted`, { cause: error })
      : asGradlensError(error);
    host.stderr.write(errorText(known, argv.includes("--debug")));
    return exitCode(known);
  }
}

function outWith(out: Out, clean: (text: string) => string): Out {
  const { isTTY = false, columns } = out;
  return { write: (text) => out.write(clean(text)), isTTY, ...(columns !== undefined && { columns }) };
}

async function dispatch(argv: readonly string[], host: Host): Promise<number> {
  const columns = Math.min(Math.max(host.stdout.columns ?? 100, 60), 120);
  const [word, ...rest] = argv[0] === "help" ? [argv[1] ?? DEFAULT_COMMAND, "--help"] : argv;
  const name = word === undefined ? DEFAULT_COMMAND : commandOf(word);
  const command: Command = COMMANDS[name];
  const { values, strays } = parseArguments(word?.startsWith("-") ? argv : rest, name, command.options);
  if (values.help) {
    host.stdout.write(commandHelp(name, columns));
    return 0;
  }
  if (values.version) {
    host.stdout.write(`${host.versions.gradlens}\n`);
    return 0;
  }
  const { positionals = [] } = command;
  const stray = strays[positionals.length];
  if (stray !== undefined) throw strayArgument(name, stray);
  const lacking = values.demo === undefined ? positionals[strays.length] : undefined;
  if (lacking !== undefined) throw badArgument(say`gradlens ${name} needs ${lacking}: ${command.usage}`);
  return command.run(host, values, strays);
}

function commandOf(word: string): CommandName {
  if (word.startsWith("-")) return DEFAULT_COMMAND;
  const name = COMMAND_NAMES.find((one) => one === word);
  if (name !== undefined) return name;
  if (/[./\\]/.test(word)) throw strayArgument(DEFAULT_COMMAND, word);
  const hint = suggestion(word, COMMAND_NAMES) || say`: use ${COMMAND_NAMES.join(", ")}`;
  throw badArgument(say`unknown command "${word}"${hint}`);
}

/** An argument without an option; its suffix suggests the option that was left out. */
function strayArgument(command: CommandName, word: string): GradlensError {
  const hasImages = (COMMANDS[command].options as readonly string[]).includes("image");
  const option = /\.(safetensors|pt|pth|pkl|bin|ckpt)$/i.test(word) ? "--weights" : "--image";
  const way = hasImages
    ? meantWords(`${option} ${word}`)
    : say`: gradlens ${command} --help lists the options`;
  return badArgument(say`"${word}" belongs to no option${way}`);
}
