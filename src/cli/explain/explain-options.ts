/** @file The settings as the options of Model.explain. */

import type { MethodName } from "../../cam/methods/table.js";
import type { Target } from "../../cam/request/targets.js";
import type { ExplainOptions } from "../../cam/request/types.js";
import type { TargetVector } from "../../cam/vectors.js";
import type { CamSettings } from "../options/cam-settings.js";

/**
 * The options for every picture; with `targets`, where they are chosen already.
 * @param session what the model's output is compared with
 */
export function explainOptionsOf(
  settings: CamSettings,
  methods: readonly MethodName[],
  { vectors }: { readonly vectors?: readonly TargetVector[] | undefined },
  targets?: readonly Target[],
): ExplainOptions & Required<Pick<ExplainOptions, "methods">> {
  const { layers, layersEach, mapOptions, guided, batchSize, memory, similarity } = settings;
  const { top, minProbability } = settings;
  const choice = targets
    ? { targets: targets.map(({ index }) => index) }
    : { targets: settings.targets, top, minProbability };
  const comparison = vectors && { vectors, similarity };
  return { methods, layers, layersEach, ...choice, ...comparison, ...mapOptions, guided, batchSize, memory };
}
