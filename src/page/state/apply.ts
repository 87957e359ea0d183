/** @file Sets an option, then recomputes what depends on it. */

import { MAP_OPTION_NAMES } from "../../cam/map-options.js";
import { groupOf, type OptionName, type OptionValues } from "../../options/table.js";
import { optionsRead } from "./call.js";
import { findAvailability } from "./explain.js";
import { reload } from "./model.js";
import { setValue, setValues } from "./options.js";
import { readAgain, showView } from "./pictures.js";
import * as store from "./store.js";
import { runToEnd } from "./current-task.js";

export async function applyValue(name: OptionName, value: OptionValues[OptionName]): Promise<void> {
  const before = store.values.value;
  setValue(name, value as never);
  const group = groupOf(name);
  const apply = async (): Promise<void> => {
    if (group === "Model") await reload();
    if (group === "Maps") await findAvailability();
    if (!(group === "Pictures" ? await readAgain() : changesMaps(name))) return;
    store.grid.value = [];
    await showView();
  };
  await runToEnd(apply, () => setValues(before));
}

/** Whether the option changes the shown maps. */
function changesMaps(name: OptionName): boolean {
  const group = groupOf(name);
  if (group === "Output" || group === "Running") return false;
  const mapOption = MAP_OPTION_NAMES.find((one) => one === name);
  if (mapOption === undefined) return true;
  const isGrid = store.viewMode.value === "grid";
  const methods = isGrid ? store.grid.value.map(({ map }) => map.method) : [store.method.value];
  return optionsRead(methods).includes(mapOption);
}
