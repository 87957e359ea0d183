/** @file `--remember`: writes this run's settings beside the weights, for later runs. */

import { access, constants } from "node:fs/promises";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { badArgument } from "../../errors.js";
import { writeFileAtomically } from "../../node/atomic.js";
import type { LoadedModel } from "../engine/engine.js";
import { orFileError } from "../terminal/file-errors.js";
import { isBuiltinLabels } from "../../options/builtin-labels.js";
import { OPTION_NAMES, specOf, spelled, type OptionName, type OptionValues } from "../../options/table.js";
import { settingsFileOf } from "./settings-file.js";
import type { WeightsFile } from "../inputs/weights.js";
import { phrase, say, translated } from "../../language/say.js";

const HINT = phrase`leave out --remember, or copy the weights to a folder of yours`;

/** Options of this machine or this run, not of the weights. */
const NOT_REMEMBERED: readonly OptionName[] = [
  "out",
  "adapter",
  "batchSize",
  "memory",
  "boundsChecks",
  "maxPixels",
  "frame",
];

/**
 * @throws GradlensError "bad-argument" for the demo's weights, `bad-file` where nothing can be written beside the
 * weights
 */
export async function checkRememberable({ demo, path, shown }: WeightsFile): Promise<void> {
  if (demo) {
    throw badArgument(say`--remember keeps settings beside weights of yours: name them with --weights FILE`);
  }
  const file = settingsFileOf(shown);
  await orFileError(access(dirname(path), constants.W_OK), say`settings`, file, translated(HINT));
}

/**
 * Writes the settings of this run: those of the model, and the other options that were given. Gives the
 * file's name, for messages.
 * @throws GradlensError "bad-file"
 */
export function remember(
  values: OptionValues,
  typed: OptionValues,
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
    ...(values.labels?.startsWith("[") && { labels: JSON.parse(values.labels) as readonly string[] }),
    arch: model.arch,
    spelling: model.spelling,
    activation: model.activation,
    headActivation: model.headActivation,
    transformInput: model.transformInput,
    size,
    mean,
    std,
    bgr,
    ...(typed.labels !== undefined && { labels: labelsBeside(typed.labels, model, weights.path, cwd) }),
  };
  writeFileAtomically(settingsFileOf(weights.path), settingsText(settings), translated(HINT));
  return settingsFileOf(weights.shown);
}

/** Labels as they are found from the folder of the weights; the list itself where their file is elsewhere. */
function labelsBeside(
  typed: string,
  { labels = [] }: LoadedModel,
  weights: string,
  cwd: string,
): string | readonly string[] {
  if (isBuiltinLabels(typed)) return typed;
  const path = relative(dirname(weights), resolve(cwd, typed));
  return path.startsWith("..") || isAbsolute(path) ? labels : path.replaceAll(sep, "/");
}

/** One option a line, for people to change. */
function settingsText(settings: Readonly<Record<string, unknown>>): string {
  // In the table's order, so that remembering twice gives the same file.
  const names = OPTION_NAMES.filter((name) => settings[name] !== undefined);
  const lines = names.map((name) => `  ${JSON.stringify(spelled(name))}: ${JSON.stringify(settings[name])}`);
  return `{\n${lines.join(",\n")}\n}\n`;
}
