/** @file Class names: given, from the file's metadata or training state, or fixed by the spelling. */

import { badArgument } from "../../errors.js";
import { STATE_SETTINGS } from "./state-settings.js";
import type { SettingFacts } from "./settings.js";
import type { SettingResolver } from "./setting-resolver.js";
import { say } from "../../language/say.js";

export function resolveLabels(
  resolver: SettingResolver,
  { classes, labels: usual }: SettingFacts,
  usually: string,
  file: string,
): readonly string[] | undefined {
  const chosen = resolver.chosen("labels");
  checkLabels(chosen, classes, resolver.given.labels ? say`the labels given` : say`the labels of ${file}`);
  const found = resolver.resolve("labels", chosen, STATE_SETTINGS.labels, ({ length }) =>
    length === classes ? undefined : say`${length} names for ${classes} classes`,
  );
  return nameAll(found ?? (usual && resolver.choose("labels", undefined, usual, usually)));
}

/** A class without a name is one that the model was not trained for, as in torchxrayvision's lists. */
const nameAll = (labels: readonly string[] | undefined): readonly string[] | undefined =>
  labels?.map((label, i) => (label === "" ? `${i} (not trained)` : label));

function checkLabels(labels: readonly string[] | undefined, classes: number, whose: string): void {
  if (labels === undefined || labels.length === classes) return;
  throw badArgument(
    say`the model has ${classes} classes, but ${whose} are ${labels.length}; give one label a class, in the model's order`,
  );
}
