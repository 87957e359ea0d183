/** @file Makes the maps that the page shows. A newer wish replaces the one that is being worked on. */

import { METHODS, METHOD_NAMES, isMethodName, type MethodName } from "../../cam/methods/table.js";
import { MAP_OPTION_NAMES, type MapOptions } from "../../cam/map-options.js";
import type { CamMap } from "../../cam/request/types.js";
import { GradlensError, hasCode } from "../../errors.js";
import type { WorkerExplainOptions, WorkerExplanation } from "../../web/engine/worker-engine.js";
import { running } from "./engine.js";
import * as store from "./store.js";

let work: AbortController | undefined;

export function cancel(): void {
  if (work === undefined) return;
  work.abort();
  store.notify(store.words.value.cancelled, "info");
}

/** Runs one piece of work: the one before is cancelled, faults become notices. */
export async function inTurn(what: string, body: (signal: AbortSignal) => Promise<void>): Promise<void> {
  work?.abort();
  const mine = (work = new AbortController());
  store.task.value = { what };
  try {
    await body(mine.signal);
  } catch (error) {
    if (!hasCode(error, "aborted")) store.notify(error instanceof Error ? error.message : String(error));
  } finally {
    if (work === mine) {
      work = undefined;
      store.task.value = undefined;
    }
  }
}

/** The map options of the settings, with what limits a call. */
function mapOptions(): MapOptions & Pick<WorkerExplainOptions, "batchSize" | "memory"> {
  const values = store.values.value;
  const chosen = MAP_OPTION_NAMES.flatMap((name) =>
    values[name] === undefined ? [] : [[name, values[name]]],
  );
  const { batchSize, memory } = values;
  return { ...(Object.fromEntries(chosen) as MapOptions), batchSize, memory };
}

/** Maps that were made, by what they depend on; of the model that is loaded. */
const made = new Map<string, store.ShownMap>();
const MOST_KEPT = 120;

export function forgetMaps(): void {
  made.clear();
  store.shown.value = undefined;
  store.grid.value = [];
}

const keyOf = (
  picture: number,
  method: MethodName,
  layers: readonly string[] | undefined,
  index: number,
): string =>
  JSON.stringify([picture, method, layers, METHODS[method].classAgnostic ? null : index, mapOptions()]);

function keep(key: string, map: store.ShownMap): void {
  made.set(key, map);
  const [oldest] = made.keys();
  if (made.size > MOST_KEPT && oldest !== undefined) made.delete(oldest);
}

/** An explanation by the worker, with its progress shown. */
export async function ask(
  picture: number,
  options: WorkerExplainOptions,
  signal: AbortSignal,
): Promise<WorkerExplanation> {
  const what = store.words.value.explaining;
  const explanation = await running().explain({ id: picture }, options, {
    signal,
    onProgress: ({ done, total }) => {
      if (!signal.aborted) store.task.value = { what, done, total };
    },
  });
  store.forwardRuns.value = explanation.forwardRuns;
  return explanation;
}

const shownOf = (explanation: WorkerExplanation, map: CamMap, picture: number): store.ShownMap => ({
  map,
  picture,
  gradient: explanation.inputGradients?.find(
    ({ method, target }) => method === map.method && target.index === map.target.index,
  ),
  prediction: explanation,
});

/** A map of a class-agnostic method stands for each label. */
const ofLabel = (shown: store.ShownMap, index: number): store.ShownMap => {
  const { logits, scores } = shown.prediction;
  const target = { index, label: store.labelOf(index), logit: logits[index]!, score: scores[index]! };
  return shown.map.target.index === index ? shown : { ...shown, map: { ...shown.map, target } };
};

/** Shows the map of what is chosen: made before, or now. */
export async function showChosen(): Promise<void> {
  const picture = store.picture.value?.facts.id;
  const { method, layers, target } = store;
  if (picture === undefined || store.model.value === undefined) return;
  const [name, paths] = [method.value, layers.value];
  const known = target.value === undefined ? undefined : made.get(keyOf(picture, name, paths, target.value));
  if (known !== undefined) {
    work?.abort();
    store.scores.value = known.prediction;
    store.shown.value = ofLabel(known, target.value!);
    return;
  }
  await inTurn(store.words.value.explaining, async (signal) => {
    const choice = target.value === undefined ? "top1" : [target.value];
    const options = { methods: [name], layers: paths, targets: choice, ...mapOptions() };
    const explanation = await ask(picture, options, signal);
    const [map] = explanation.maps;
    if (map === undefined) throw new GradlensError("unsupported", explanation.refused![0]!.reason);
    const shown = shownOf(explanation, map, picture);
    keep(keyOf(picture, name, paths, map.target.index), shown);
    store.scores.value = explanation;
    store.shown.value = shown;
  });
}

/** Which methods are defined at the chosen layers. */
export async function findAvailability(): Promise<void> {
  const { eigenSmooth, score, inputHeat } = store.values.value;
  const options = { methods: METHOD_NAMES, layers: store.layers.value, eigenSmooth, score, inputHeat };
  try {
    store.availability.value = await running().availability(options);
  } catch (error) {
    const reason = (error as Error).message;
    store.availability.value = { refused: METHOD_NAMES.map((method) => ({ method, reason })), manyRuns: [] };
  }
}

/** The labels of a grid: the one that is looked at, and those of the highest scores. */
export function gridLabels(): number[] {
  const first = store.target.value ?? store.ranking.value[0];
  const others = store.ranking.value.filter((index) => index !== first);
  return [...(first === undefined ? [] : [first]), ...others].slice(0, store.gridLabelCount.value);
}

/** Makes a grid row by row; rows that are done stay where it is cancelled. */
export async function makeGrid(): Promise<void> {
  const picture = store.picture.value?.facts.id;
  if (picture === undefined) return;
  const labels = gridLabels();
  const defaults = store.layers.value ?? [store.model.value!.defaultLayer];
  const paths = store.gridLayers.value.length > 0 ? store.gridLayers.value : defaults;
  const refused = store.availability.value.refused.map(({ method }) => method);
  const methods = store.gridMethods.value.filter((name) => isMethodName(name) && !refused.includes(name));
  store.grid.value = [];
  await inTurn(store.words.value.explaining, async (signal) => {
    for (const [i, name] of methods.entries()) {
      store.task.value = { what: `${store.words.value.explaining}: ${name}`, done: i, total: methods.length };
      const options = { methods: [name], layers: paths, layersEach: true, targets: labels, ...mapOptions() };
      const explanation = await ask(picture, options, signal).catch((error: unknown) => {
        if (hasCode(error, "aborted")) throw error;
        store.notify(`${name}: ${(error as Error).message}`);
        return undefined;
      });
      if (explanation === undefined) continue;
      const cells = explanation.maps.map((map) => {
        const shown = shownOf(explanation, map, picture);
        return { ...shown, method: name, layer: map.layers[0] };
      });
      store.grid.value = [...store.grid.value, ...cells];
    }
  });
}
