/**
 * @file The settings that a model runs with. They come from the call, else from the file, else they are assumed and reported.
 * In the file the metadata come first, then a normalising module and the training state.
 */

import { badArgument } from "../../errors.js";
import { resolveActivation } from "./activation.js";
import { resolveFitting, resolveSize } from "./input-size.js";
import { resolveLabels } from "./labels.js";
import { readMetadata } from "../file/metadata.js";
import { STATE_SETTINGS } from "./state-settings.js";
import type { ResolvedSettings } from "./model-description.js";
import type { GivenSettings, SettingFacts } from "./settings.js";
import { SettingResolver } from "./setting-resolver.js";
import { sameNumbers, resolveStatistics, usualStatistics } from "./statistics.js";
import { say } from "../../language/say.js";

/** @throws GradlensError "bad-file" for metadata that cannot be read, "bad-argument" for labels that do not fit */
export function resolveSettings(
  given: GivenSettings,
  metadata: ReadonlyMap<string, string>,
  model: SettingFacts,
  file: string,
): ResolvedSettings {
  if (model.classes === 0) checkNoClasses(given, file);
  const resolver = new SettingResolver(model.state, given, readMetadata(metadata, file));
  const usually = say`usual for ${model.arch} (${model.spelling})`;
  const size = resolveSize(resolver, model, { usually, file });
  // For weights trained at another size than the official ones, the assumption on the tables says enough.
  const fileSize = model.fileSize?.size ?? model.usual.size;
  const isOfficial = sameNumbers(fileSize, model.usual.size);
  const trained = { ...usualStatistics(model), size: isOfficial ? fileSize : size };
  const statistics = resolveStatistics(resolver, model, usually);
  const fitting = resolveFitting(resolver, model.usual, size);
  const bgr = resolver.resolve("bgr", resolver.chosen("bgr"), STATE_SETTINGS.bgr) ?? false;
  const labels = model.classes === 0 ? undefined : resolveLabels(resolver, model, usually, file);
  const used = { size, ...statistics };
  return {
    ...used,
    ...fitting,
    bgr,
    labels,
    activation: model.classes === 0 ? "none" : resolveActivation(resolver, { ...model, labels }),
    assumed: resolver.assumed,
    said: resolver.said,
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
