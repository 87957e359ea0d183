/** @file Actions of the user: start, and the choice of label, method, layer and view. */

import type { MethodName } from "../../cam/methods/table.js";
import { DEMO_PICTURE, DEMO_WEIGHTS, fetchDemo } from "./demo.js";
import { startEngine } from "./engine.js";
import { findAvailability, showChosen } from "./explain.js";
import { givenLabels, loadWeights } from "./model.js";
import { setLayer, setMethod, setValue } from "./options.js";
import { addPictures, showView } from "./pictures.js";
import * as store from "./store.js";
import { messageOf, part, runToEnd } from "./current-task.js";

/** Opens the engine, then shows the demo with its map. */
export async function start(): Promise<void> {
  if (location.hash.length > 1) {
    const address = await part(import("./address.js"));
    if (address !== undefined) store.values.value = address.valuesOf(location.hash);
    if (store.values.value.guided) store.viewMode.value = "guided";
  }
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

export const openDemo = (): Promise<void> =>
  runToEnd(async () => {
    store.task.value = { what: store.words.value.loadingModel };
    const [weights, picture] = await Promise.all([DEMO_WEIGHTS, DEMO_PICTURE].map(fetchDemo));
    givenLabels.value = undefined;
    await loadWeights([weights!], true);
    await addPictures([picture!]);
  });

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
  const isGuided = mode === "guided";
  store.viewMode.value = mode;
  if (isGuided !== (store.values.value.guided === true)) {
    setValue("guided", isGuided || undefined);
    store.grid.value = [];
    await showView();
  } else if (mode === "grid" && store.grid.value.length === 0) await showView();
}
