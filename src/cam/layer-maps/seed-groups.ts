/** @file Methods grouped by the value that they differentiate. A group shares its gradients. */

import type { GradientRule } from "../methods/method.js";
import { METHODS, type LayerMethodName } from "../methods/table.js";

type SeedRule = GradientRule["seed"];

export interface SeedGroup {
  /** Undefined: the target's logit. */
  readonly seed: SeedRule;
  /** "guided" stands for guided backprop besides the maps. */
  readonly methods: readonly (LayerMethodName | "guided")[];
}

export const seedRuleOf = (method: LayerMethodName): SeedRule => METHODS[method].gradient?.seed;

/** @param guided adds guided backprop to the group of the target's logit */
export function seedGroups(methods: readonly LayerMethodName[], guided: boolean): SeedGroup[] {
  const groups = new Map<SeedRule, SeedGroup["methods"]>();
  if (guided) groups.set(undefined, ["guided"]);
  for (const method of methods) {
    const seed = seedRuleOf(method);
    groups.set(seed, [...(groups.get(seed) ?? []), method]);
  }
  return [...groups].map(([seed, some]) => ({ seed, methods: some }));
}
