/** @file The settings as what Model.explain is asked. */

import type { MethodName } from "../../cam/methods/table.js";
import type { Target, TargetChoice } from "../../cam/request/targets.js";
import type { ExplainOptions } from "../../cam/request/types.js";
import type { CamSettings } from "../options/cam-settings.js";

/** What Model.explain is asked of every picture. `targets`, where they are chosen already. */
export function explainOptionsOf(
  settings: CamSettings,
  methods: readonly MethodName[],
  targets?: readonly Target[],
): ExplainOptions & Required<Pick<ExplainOptions, "methods">> {
  return {
    methods,
    ...(settings.layers && { layers: settings.layers }),
    layersEach: settings.layersEach,
    ...(targets ? { targets: targets.map(({ index }) => index) } : choiceOf(settings)),
    augSmooth: settings.augSmooth,
    eigenSmooth: settings.eigenSmooth,
    relu: settings.relu,
    scale: settings.scale,
    guided: settings.guided,
    ...(settings.topChannels && { topChannels: settings.topChannels }),
    score: settings.score,
    seed: settings.seed,
    inputHeat: settings.inputHeat,
    rolloutHeads: settings.rolloutHeads,
    discardRatio: settings.discardRatio,
    ...(settings.batchSize && { batchSize: settings.batchSize }),
    ...(settings.memory && { memory: settings.memory }),
  };
}

/** Which labels deserve a map. */
const choiceOf = ({ targets, top, minProbability }: CamSettings): TargetChoice => ({
  ...(targets && { targets }),
  ...(top !== undefined && { top }),
  ...(minProbability !== undefined && { minProbability }),
});
