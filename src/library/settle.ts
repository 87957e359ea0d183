/**
 * @file The settings that a model runs with. They come from the call, else from the file, else they are assumed and reported.
 * In the file the metadata come first, then a normalising module and the words of a training state.
 */

import { badArgument } from "../errors.js";
import { settleActivation } from "./activation.js";
import { settleFitting, settleSize } from "./fitting.js";
import { settleLabels } from "./labels.js";
import { readMetadata } from "./metadata.js";
import { SETTING_WORDS } from "./setting-words.js";
import type { Settings } from "./model-description.js";
import type { GivenSettings, ModelFacts } from "./settings.js";
import { Settler } from "./settler.js";
import { sameNumbers, settleStatistics, usualStatistics } from "./statistics.js";
import { say } from "../language/say.js";

/** @throws GradlensError "bad-file" for metadata that cannot be read, "bad-argument" for labels that do not fit */
export function settle(
  given: GivenSettings,
  metadata: ReadonlyMap<string, string>,
  model: ModelFacts,
  file: string,
): Settings {
  if (model.classes === 0) checkNoClasses(given, file);
  const settler = new Settler(model.words, given, readMetadata(metadata, file));
  const usually = say`usual for ${model.arch} (${model.spelling})`;
  const size = settleSize(settler, model, { usually, file });
  // For weights trained at another size than the official ones, the assumption on the tables says enough.
  const fileSize = model.fileSize?.size ?? model.usual.size;
  const isOfficial = sameNumbers(fileSize, model.usual.size);
  const trained = { ...usualStatistics(model), size: isOfficial ? fileSize : size };
  const statistics = settleStatistics(settler, model, usually);
  const fitting = settleFitting(settler, model.usual, size);
  const bgr = settler.word("bgr", settler.chosen("bgr"), SETTING_WORDS.bgr) ?? false;
  const labels = model.classes === 0 ? undefined : settleLabels(settler, model, usually, file);
  const used = { size, ...statistics };
  return {
    ...used,
    ...fitting,
    bgr,
    labels,
    activation: model.classes === 0 ? "none" : settleActivation(settler, { ...model, labels }),
    assumed: settler.assumed,
    said: settler.said,
    differences: (["size", "mean", "std"] as const).flatMap((what) =>
      sameNumbers(trained[what], used[what]) ? [] : [{ what, trained: trained[what], used: used[what] }],
    ),
  };
}

/** @throws GradlensError "bad-argument" for what only a classifier has */
function checkNoClasses({ labels, activation = "auto" }: GivenSettings, file: string): void {
  const hasActivation = activation !== "auto" && activation !== "none";
  if (labels === undefined && !hasActivation) return;
  const given = labels === undefined ? "activation" : "labels";
  throw badArgument(
    say`${file} is used without a classifier, whose output has no ${given === "labels" ? "labels" : "scores"}; leave out --${given} (${given})`,
  );
}

/**
 * Untyped programs may pass anything.
 * @throws GradlensError "bad-argument"
 */
export function checkGiven({ size, mean, std }: GivenSettings): void {
  if (size !== undefined && !(isNumbers(size) && size.length === 2)) {
    throw badArgument(say`size ${JSON.stringify(size)}: [height, width] is needed`);
  }
  for (const [what, values] of Object.entries({ mean, std })) {
    if (values === undefined || isNumbers(values)) continue;
    throw badArgument(say`${what} ${JSON.stringify(values)}: a list of numbers is needed`);
  }
}

const isNumbers = (value: unknown): boolean =>
  Array.isArray(value) && value.every((one) => typeof one === "number");
