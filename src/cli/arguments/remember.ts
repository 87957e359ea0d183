/** @file `--remember`: this run's settings into the file beside the weights that later runs read. */

import { access, constants } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import { GradlensError } from "../../errors.js";
import { writeFileAtomically } from "../../node/atomic.js";
import type { LoadedModel } from "../engine.js";
import { fileError } from "../sources/files.js";
import { BUILTIN_LABELS, OPTION_NAMES, specOf, type OptionName, type Values } from "./options.js";
import { settingsFileOf } from "./settings-file.js";
import type { WeightsFile } from "../sources/weights.js";

const WAY = "leave out --remember, or copy the weights to a folder of yours";

/** Options of this machine and of one run's place, which say nothing about the weights. */
const NOT_REMEMBERED: readonly OptionName[] = [
  "out",
  "adapter",
  "batch-size",
  "memory",
  "bounds-checks",
  "max-pixels",
  "frame",
];

/** Throws `bad-argument` for the demo's weights, `bad-file` where nothing can be written beside the weights. */
export async function checkRememberable({ demo, path, shown }: WeightsFile): Promise<void> {
  if (demo) {
    throw new GradlensError(
      "bad-argument",
      "--remember keeps settings beside weights of yours: name them with --weights FILE",
    );
  }
  try {
    await access(dirname(path), constants.W_OK);
  } catch (error) {
    throw fileError(error, "settings", settingsFileOf(shown), WAY);
  }
}

/**
 * Writes what this run was made with: what the model was taken for, and of the other options those given. Gives the
 * file's name, for messages. Throws `bad-file`.
 */
export function remember(
  values: Values,
  typed: Values,
  model: LoadedModel,
  weights: WeightsFile,
  cwd: string,
): string {
  const given = Object.fromEntries(
    OPTION_NAMES.filter(
      (name) => values[name] !== undefined && !specOf(name).typedOnly && !NOT_REMEMBERED.includes(name),
    ).map((name) => [name, values[name]]),
  );
  const { size, mean, std, bgr } = model.preprocessing;
  const settings = {
    ...given,
    arch: model.arch,
    activation: model.activation,
    size,
    mean,
    std,
    bgr,
    ...(typed.labels !== undefined && { labels: labelsBeside(typed.labels, weights.path, cwd) }),
  };
  writeFileAtomically(settingsFileOf(weights.path), settingsText(settings), WAY);
  return settingsFileOf(weights.shown);
}

/** Labels as they are found from the folder of the weights. */
function labelsBeside(typed: string, weights: string, cwd: string): string {
  if (BUILTIN_LABELS.some((name) => name === typed.toLowerCase())) return typed;
  return relative(dirname(weights), resolve(cwd, typed)).replaceAll(sep, "/");
}

/** One option a line, for people to change. */
function settingsText(settings: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(settings).map(
    ([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`,
  );
  return `{\n${lines.join(",\n")}\n}\n`;
}
