/** @file The label lists that `--labels` knows by name. */

import { CHESTXRAY14 } from "../models/label-sets.js";
import { BUILTIN_LABELS } from "./rows/model.js";

type Builtin = (typeof BUILTIN_LABELS)[number];

const LISTS: { readonly [K in Builtin]: () => Promise<readonly string[]> } = {
  chestxray14: () => Promise.resolve(CHESTXRAY14),
  // torchvision's names, in the order of its models' outputs.
  imagenet1k: async () => (await import("./labels/imagenet1k.json", { with: { type: "json" } })).default,
};

const builtinNamed = (name: string): Builtin | undefined =>
  BUILTIN_LABELS.find((one) => one === name.toLowerCase());

/** Whether a list is called `name`, in any case. */
export const isBuiltinLabels = (name: string): boolean => builtinNamed(name) !== undefined;

/** The list that is called `name`, in any case; undefined where none is. */
export function builtinLabels(name: string): Promise<readonly string[]> | undefined {
  const found = builtinNamed(name);
  return found && LISTS[found]();
}
