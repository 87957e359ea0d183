/** @file The settings of a model: options, and the settings file beside its weights. */

import { checkpointReadingOf, fitOptionsOf } from "../../options/fit-options.js";
import { mergeValues } from "../../options/merge-values.js";
import type { FitOptions } from "../../library/network/fit-request.js";
import type { Engine, Reading } from "../engine/engine.js";
import type { Host } from "../terminal/host.js";
import { readKeptLabels, readLabels, type ReadLabels } from "./labels.js";
import { archOf } from "./model-names.js";
import { spelled, type OptionName, type OptionValues } from "../../options/table.js";
import { readSettingsFile, settingsFileOf } from "./settings-file.js";
import type { WeightsFile } from "../inputs/weights.js";
import { say } from "../../language/say.js";

export interface MergedSettings {
  /** The names of the options in the settings file. */
  readonly kept: readonly string[];
  /** All options; typed ones win over kept ones, and `norm` is written out. */
  readonly values: OptionValues;
  readonly reading: Reading;
  /** A setting that is absent is left to the weights file. */
  readonly fit: FitOptions;
  /** On how the settings were read, for the user. */
  readonly notes: readonly string[];
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
): Promise<MergedSettings> {
  const kept = (await readSettingsFile(weights.path)) ?? {};
  const values = mergeValues(kept, typed, settingsFileOf(weights.shown));
  const arch = archOf(values.arch, engine);
  const { labels, encoding } = await labelsOf(values.labels, typed.labels !== undefined, cwd, weights);
  return {
    kept: (Object.keys(kept) as OptionName[]).map(spelled),
    values,
    reading: checkpointReadingOf(values),
    fit: fitOptionsOf(values, arch, labels),
    notes: encoding === undefined ? [] : [say`labels ${values.labels} are read as ${encoding}`],
  };
}

function labelsOf(
  named: string | undefined,
  isTyped: boolean,
  cwd: string,
  weights: WeightsFile,
): Promise<Partial<ReadLabels>> {
  if (named === undefined) return Promise.resolve({});
  return isTyped ? readLabels(named, cwd) : readKeptLabels(named, settingsFileOf(weights.path));
}
