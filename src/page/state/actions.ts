/** @file What a user does: starts, chooses, sets options. */

import type { MethodName } from "../../cam/methods/table.js";
import { MAP_OPTION_NAMES } from "../../cam/map-options.js";
import { specOf, type OptionName, type OptionValues } from "../../options/table.js";
import { valuesOf } from "./address.js";
import { optionsRead } from "./call.js";
import { DEMO_PICTURE, DEMO_WEIGHTS, fetchDemo } from "./demo.js";
import { startEngine } from "./engine.js";
import { findAvailability, showChosen } from "./explain.js";
import { loadWeights, reload, setLabels } from "./model.js";
import { setLayer, setMethod, setValue, setValues } from "./options.js";
import { addPictures, readAgain, showView } from "./pictures.js";
import * as store from "./store.js";
import { endTask, messageOf } from "./work.js";

/** Opens the engine and shows the demo, explained. */
export async function start(): Promise<void> {
  store.values.value = valuesOf(location.hash);
  store.task.value = { what: store.words.value.starting };
  try {
    store.adapter.value = (await startEngine()).adapter;
  } catch (error) {
    store.task.value = undefined;
    store.noGpu.value = messageOf(error);
    return;
  }
  await openDemo();
}

export async function openDemo(): Promise<void> {
  store.task.value = { what: store.words.value.loadingModel };
  try {
    const [weights, picture] = await Promise.all([DEMO_WEIGHTS, DEMO_PICTURE].map(fetchDemo));
    setLabels(undefined);
    await loadWeights([weights!], true);
    await addPictures([picture!]);
  } catch (error) {
    store.notify(messageOf(error));
  } finally {
    endTask();
  }
}

export async function chooseLabel(index: number): Promise<void> {
  store.target.value = index;
  if (store.viewMode.value === "grid") store.viewMode.value = "overlay";
  await showChosen();
}

export async function chooseMethod(name: MethodName): Promise<void> {
  setMethod(name);
  await showChosen();
}

export async function chooseLayer(path: string): Promise<void> {
  setLayer(path);
  await Promise.all([findAvailability(), showChosen()]);
}

export async function setViewMode(mode: store.ViewMode): Promise<void> {
  if (mode === "grid" && store.live.value) return;
  store.viewMode.value = mode;
  if (mode === "grid" && store.grid.value.length === 0) await showView();
}

/** Sets an option and makes anew what depends on it. */
export async function applyValue(name: OptionName, value: OptionValues[OptionName]): Promise<void> {
  const before = store.values.value;
  setValue(name, value as never);
  const { group } = specOf(name);
  try {
    if (group === "Model") await reload();
    if (group === "Maps") await findAvailability();
    if (!(group === "Pictures" ? await readAgain() : changesMaps(name))) return;
    store.grid.value = [];
    await showView();
  } catch (error) {
    setValues(before);
    store.notify(messageOf(error));
  } finally {
    endTask();
  }
}

/** Whether maps that are shown may be others with another value. */
function changesMaps(name: OptionName): boolean {
  const { group } = specOf(name);
  if (group === "Output" || group === "Running") return false;
  const mapOption = MAP_OPTION_NAMES.find((one) => one === name);
  if (mapOption === undefined) return true;
  const isGrid = store.viewMode.value === "grid";
  const methods = isGrid ? store.grid.value.map(({ map }) => map.method) : [store.method.value];
  return optionsRead(methods).includes(mapOption);
}
