/** @file The settings in the address, after the #. It never holds names of files, labels or other data of the user. */

import { isMethodName } from "../../cam/methods/table.js";
import { textsOf } from "../../options/command-line.js";
import { isRepeatable, readValue } from "../../options/kinds.js";
import {
  groupOf,
  OPTION_NAMES,
  optionNamed,
  specOf,
  spelled,
  type OptionName,
  type OptionValues,
} from "../../options/table.js";
import { values } from "./store.js";

/** The options that an address holds: those of maps and drawing, and numbers of the preprocessing. */
const KEPT: readonly OptionName[] = OPTION_NAMES.filter((name) => {
  const { kind, typedOnly } = specOf(name);
  const group = groupOf(name);
  if (typedOnly || name === "target" || name === "name") return false;
  if (group === "Maps" || group === "Output") return true;
  return group === "Model" && kind !== "text" && kind !== "texts";
});

function addressOf(set: OptionValues): string {
  const query = new URLSearchParams();
  for (const name of KEPT) {
    const value = set[name];
    if (value === undefined) continue;
    for (const text of textsOf(name, value)) query.append(spelled(name), text);
  }
  return query.toString();
}

/** Writes the current settings into the address. */
export function showInAddress(): void {
  const address = addressOf(values.value);
  history.replaceState(null, "", address === "" ? location.pathname + location.search : `#${address}`);
}

/** Parses the settings of an address. Unreadable ones are left out. */
export function valuesOf(address: string): OptionValues {
  const found: Record<string, unknown> = {};
  const query = new URLSearchParams(address.replace(/^#/, ""));
  for (const key of new Set(query.keys())) {
    const name = optionNamed(key)?.name;
    if (name === undefined || !KEPT.includes(name)) continue;
    const texts = query.getAll(key);
    try {
      found[name] = readValue(specOf(name), key, isRepeatable(specOf(name)) ? texts : texts.slice(0, 1));
    } catch {
      // The address is from another version, or mistyped: the default applies.
    }
  }
  if (!(found["method"] as readonly string[] | undefined)?.every(isMethodName)) delete found["method"];
  return found;
}
