/** @file The settings of a model: options, and the settings file beside its weights. */

import { checkpointReadingOf, fitOptionsOf } from "../../options/fit-options.js";
import { mergeValues } from "../../options/merge-values.js";
import type { FitOptions } from "../../library/fit-model.js";
import type { Engine, Reading } from "../engine/engine.js";
import type { Host } from "../terminal/host.js";
import { readKeptLabels, readLabels } from "./labels.js";
import { archOf } from "./model-names.js";
import { spelled, type OptionName, type OptionValues } from "../../options/table.js";
import { readSettingsFile, settingsFileOf } from "./settings-file.js";
import type { WeightsFile } from "../inputs/weights.js";

export interface ModelSettings {
  /** The names of the options in the settings file. */
  readonly kept: readonly string[];
  /** All options; typed ones win over kept ones, and `norm` is written out. */
  readonly values: OptionValues;
  readonly reading: Reading;
  /** A setting that is absent is left to the weights file. */
  readonly fit: FitOptions;
}

/**
 * Reads settings file and labels.
 * @throws GradlensError "bad-file", "bad-argument"
 */
export async function readModelSettings(
  { cwd }: Host,
  typed: OptionValues,
  weights: WeightsFile,
  engine: Engine,
): Promise<ModelSettings> {
  const kept = (await readSettingsFile(weights.path)) ?? {};
  const values = mergeValues(kept, typed, settingsFileOf(weights.shown));
  const arch = archOf(values.arch, engine);
  const labels = await labelsOf(values.labels, typed.labels !== undefined, cwd, weights);
  return {
    kept: (Object.keys(kept) as OptionName[]).map(spelled),
    values,
    reading: checkpointReadingOf(values),
    fit: fitOptionsOf(values, arch, labels),
  };
}

function labelsOf(
  named: string | undefined,
  isTyped: boolean,
  cwd: string,
  weights: WeightsFile,
): Promise<readonly string[] | undefined> {
  if (named === undefined) return Promise.resolve(undefined);
  return isTyped ? readLabels(named, cwd) : readKeptLabels(named, settingsFileOf(weights.path));
}
