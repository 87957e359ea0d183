/** @file Which of the methods asked for run, and which of them share a gradient. */

import { GradlensError } from "../errors.js";
import type { Template } from "../models/registry.js";
import type { Tap } from "../models/taps.js";
import type { GradientMethod } from "./method.js";
import { METHODS, type MethodName } from "./methods.js";
import { requirePooledHead } from "./pooled-head.js";
import type { Refusal } from "./types.js";

type SeedRule = NonNullable<GradientMethod["seed"]>;

/** Methods that differentiate the same value: the target's logit where there is no rule. */
export interface Family {
  readonly seed: SeedRule | undefined;
  readonly methods: readonly MethodName[];
}

export function seedRuleOf(method: MethodName): SeedRule | undefined {
  const def = METHODS[method];
  return def.needs === "gradients" ? def.seed : undefined;
}

/** @param guided guided backprop is wanted too: it belongs to the family without a rule */
export function bySeed(methods: readonly MethodName[], guided: boolean): Family[] {
  const families = new Map<SeedRule | undefined, MethodName[]>();
  if (guided) families.set(undefined, []);
  for (const method of methods) {
    const seed = seedRuleOf(method);
    families.set(seed, [...(families.get(seed) ?? []), method]);
  }
  return [...families].map(([seed, some]) => ({ seed, methods: some }));
}

/**
 * The methods that are not defined for this model and these layers.
 * @throws GradlensError the first of them, where that leaves none
 */
export function refusals(
  methods: readonly MethodName[],
  taps: readonly Tap[],
  model: { readonly template: Template; readonly name: string },
): Refusal[] {
  const refused: Refusal[] = [];
  let first: GradlensError | undefined;
  for (const method of methods) {
    if (METHODS[method].needs !== "head") continue;
    try {
      for (const tap of taps) requirePooledHead(model.template, tap, model.name);
    } catch (error) {
      if (!(error instanceof GradlensError)) throw error;
      first ??= error;
      refused.push({ method, reason: error.message });
    }
  }
  if (first && refused.length === methods.length) throw first;
  return refused;
}
