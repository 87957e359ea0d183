/** @file Computes the shown map. */

import { MAP_OPTION_NAMES } from "../../cam/map-options.js";
import { METHOD_NAMES } from "../../cam/methods/table.js";
import { lengthOf, similaritiesOf } from "../../cam/vectors.js";
import type { CamMap } from "../../cam/request/types.js";
import { unsupported } from "../../errors.js";
import type { WorkerExplanation } from "../../web/engine/worker-engine.js";
import { callNow, comparisonOf, explainOptions, optionsSet } from "./call.js";
import { running } from "./engine.js";
import { isSaidOtherwise, keep, madeBefore } from "./map-cache.js";
import * as store from "./store.js";
import { ask, inTurn, messageOf, replaceWork } from "./current-task.js";

export const shownOf = (call: store.Call, explanation: WorkerExplanation, map: CamMap): store.ShownMap => ({
  call,
  map,
  gradient: explanation.inputGradients?.find(
    ({ method, target }) => method === map.method && target.index === map.target.index,
  ),
  guided: explanation.guided?.find(({ target }) => target.index === map.target.index),
  prediction: explanation,
});

/** Computes the one map of a call. @throws GradlensError "unsupported" for a refused method */
export async function mapOf(
  call: store.Call,
  target: number | undefined,
  signal: AbortSignal,
): Promise<store.ShownMap> {
  const choice = target === undefined ? "top1" : [target];
  const explanation = await ask(call.picture, explainOptions(call, choice), signal);
  const [map] = explanation.maps;
  if (map === undefined) throw unsupported(explanation.refused![0]!.reason);
  return shownOf(call, explanation, map);
}

/** Shows the chosen map, from the cache or computed. */
export async function showChosen(): Promise<void> {
  const picture = store.picture.value?.facts.id;
  // The camera's next frame follows the new choice.
  if (picture === undefined || store.model.value === undefined || store.live.value) return;
  const call = callNow(picture);
  const isSame = store.shown.value?.call.picture === picture;
  const target = store.target.value ?? (isSame ? store.ranking.value[0] : undefined);
  const known = target === undefined ? undefined : madeBefore(call, target);
  if (known !== undefined) {
    replaceWork();
    show(known);
    return;
  }
  await inTurn(store.words.value.explaining, async (signal) => {
    const shown = await mapOf(call, target, signal);
    keep(shown);
    show(shown);
  });
  await sayFlatAgain();
}

/** Recomputes shown flat maps whose reason is in another language. Other tasks continue meanwhile. */
export async function sayFlatAgain(): Promise<void> {
  const all = new Set([store.shown.value, ...store.grid.value].filter((one) => one !== undefined));
  for (const one of [...all].filter(isSaidOtherwise)) {
    const call = { ...one.call, language: store.language.value };
    try {
      const explanation = await running().explain(
        { id: call.picture },
        explainOptions(call, [one.map.target.index]),
      );
      const again = shownOf(call, explanation, explanation.maps[0]!);
      keep(again);
      if (store.shown.value === one) store.shown.value = again;
      store.grid.value = store.grid.value.map((cell) => (cell === one ? again : cell));
    } catch (error) {
      store.notify(messageOf(error));
    }
  }
}

export function show(shown: store.ShownMap): void {
  store.scores.value = scoresOf(shown);
  store.shown.value = shown;
}

/** A score for each class. Without a classifier: the similarity with another picture, or the embedding's length. */
function scoresOf({ call: { other, values }, prediction }: store.ShownMap): typeof store.scores.value {
  if (store.model.value?.embedding === undefined) return prediction;
  const { vectors, similarity } = comparisonOf(other, values) ?? {};
  const { logits } = prediction;
  const one = vectors ? similaritiesOf(logits, vectors, similarity) : Float32Array.of(lengthOf(logits));
  return { logits: one, scores: one };
}

let asked = 0;

/** Finds the methods that are defined at the chosen layers. */
export async function findAvailability(): Promise<void> {
  const mine = ++asked;
  const options = {
    methods: METHOD_NAMES,
    layers: store.layers.value,
    ...optionsSet(MAP_OPTION_NAMES, store.values.value),
    ...comparisonOf(store.other.value, store.values.value),
  };
  const found = await running()
    .availability(options)
    .catch((error: unknown) => {
      const reason = messageOf(error);
      return { refused: METHOD_NAMES.map((method) => ({ method, reason })), manyRuns: [] };
    });
  if (mine === asked) store.availability.value = found;
}
