/** @file Sets options, and writes them into the address. */

import type { MethodName } from "../../cam/methods/table.js";
import type { OptionName, OptionValues } from "../../options/table.js";
import * as store from "./store.js";
import { part } from "./current-task.js";

export function setValues(values: OptionValues): void {
  store.values.value = values;
  // Loaded here because the first visit does not need the table of options.
  void part(import("./address.js")).then((address) => address?.showInAddress());
}

/** Sets an option, or resets it to its default. */
export function setValue<K extends OptionName>(name: K, value: OptionValues[K] | undefined): void {
  const others = Object.entries(store.values.value).filter(([one]) => one !== name);
  setValues(Object.fromEntries(value === undefined ? others : [...others, [name, value]]));
}

export const setMethod = (name: MethodName): void =>
  setValue("method", name === "gradcam" ? undefined : [name]);

export function setLayer(path: string): void {
  setValue("layer", path === store.defaultLayer.value ? undefined : [path]);
}
