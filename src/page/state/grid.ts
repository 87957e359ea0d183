/** @file Computes the grid's maps of labels, methods and layers. */

import { hasCode } from "../../errors.js";
import { isWholeModelMethod } from "../../cam/methods/table.js";
import { callNow, explainOptions } from "./call.js";
import { shownOf, showChosen, findAvailability, sayFlatAgain } from "./explain.js";
import { keep } from "./map-cache.js";
import { setLayer, setMethod } from "./options.js";
import * as store from "./store.js";
import { ask, inTurn, messageOf } from "./current-task.js";

/** The labels of a grid: the chosen one, and those of the highest scores. */
export function gridLabels(): number[] {
  const first = store.target.value ?? store.ranking.value[0];
  const others = store.ranking.value.filter((index) => index !== first);
  return [...(first === undefined ? [] : [first]), ...others].slice(0, store.gridLabelCount.value);
}

/** Computes a grid row by row. Complete rows stay if it is cancelled. */
export async function makeGrid(): Promise<void> {
  const picture = store.picture.value?.facts.id;
  if (picture === undefined || store.model.value === undefined) return;
  const labels = gridLabels();
  const now = callNow(picture);
  const defaults = now.layers ?? [store.defaultLayer.value!];
  const layers = store.gridLayers.value.length > 0 ? store.gridLayers.value : defaults;
  const refused = store.availability.value.refused.map(({ method }) => method);
  const methods = store.gridMethods.value.filter((name) => !refused.includes(name));
  const what = store.words.value.explaining;
  store.grid.value = [];
  await inTurn(what, async (signal) => {
    for (const [i, name] of methods.entries()) {
      const row = `${what}: ${name}`;
      store.task.value = { what: row, done: i, total: methods.length, canCancel: true };
      const call = { ...now, method: name, layers };
      const options = { ...explainOptions(call, labels), layersEach: true };
      const explanation = await ask(picture, options, signal, row).catch((error: unknown) => {
        if (hasCode(error, "aborted")) throw error;
        store.notify(`${name}: ${messageOf(error)}`);
        return undefined;
      });
      const cells = (explanation?.maps ?? []).map((map) => {
        const own = isWholeModelMethod(name) ? layers : map.layers;
        return shownOf({ ...call, layers: own }, explanation!, map);
      });
      cells.forEach(keep);
      store.grid.value = [...store.grid.value, ...cells];
    }
  });
  await sayFlatAgain();
}

/** Shows one map of the grid alone, without computing it again. */
export async function chooseCell({ call, map }: store.ShownMap): Promise<void> {
  setMethod(call.method);
  const [layer] = map.layers;
  if (layer !== undefined) setLayer(layer);
  store.target.value = map.target.index;
  store.viewMode.value = "overlay";
  await Promise.all([findAvailability(), showChosen()]);
}
