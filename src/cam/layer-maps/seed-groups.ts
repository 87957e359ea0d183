/** @file Methods by what they differentiate: those of one group share a gradient. */

import type { GradientMethod } from "../methods/method.js";
import { METHODS, type LayerMethodName } from "../methods/table.js";

type SeedRule = NonNullable<GradientMethod["seed"]>;

/** Methods that differentiate the same value: the target's logit where there is no rule. */
export interface SeedGroup {
  readonly seed: SeedRule | undefined;
  /** "guided": guided backprop beside the maps. */
  readonly methods: readonly (LayerMethodName | "guided")[];
}

export function seedRuleOf(method: LayerMethodName): SeedRule | undefined {
  const def = METHODS[method];
  return def.needs === "gradients" ? def.seed : undefined;
}

/** @param guided guided backprop is wanted too: it belongs to the family without a rule */
export function seedGroups(methods: readonly LayerMethodName[], guided: boolean): SeedGroup[] {
  const groups = new Map<SeedRule | undefined, SeedGroup["methods"]>();
  if (guided) groups.set(undefined, ["guided"]);
  for (const method of methods) {
    const seed = seedRuleOf(method);
    groups.set(seed, [...(groups.get(seed) ?? []), method]);
  }
  return [...groups].map(([seed, some]) => ({ seed, methods: some }));
}
