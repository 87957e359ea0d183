/** @file Which methods are defined for a model, and which run it many times. */

import { GradlensError } from "../../errors.js";
import type { Template } from "../../models/registry.js";
import type { Tap } from "../../models/taps.js";
import type { CamMethod } from "../methods/method.js";
import { optionsOf } from "../methods/kinds.js";
import { isWholeModelMethod, METHODS, type MethodName } from "../methods/table.js";
import { isPooled, requirePooledHead } from "../methods/pooled-head.js";
import { Refusals } from "./refusals.js";
import type { Refusal } from "./types.js";

/** What is asked of all methods alike. */
interface SharedOptions {
  readonly eigenSmooth: boolean;
  /** Scores are compared after a softmax. */
  readonly softmax: boolean;
}

/** @throws GradlensError "unsupported" where the method is not defined for this model, these layers or what is asked */
function checkMethod(
  name: MethodName,
  taps: readonly Tap[],
  model: { readonly template: Template; readonly name: string },
  asked: SharedOptions,
): void {
  if (isWholeModelMethod(name)) {
    const { check, title } = METHODS[name];
    if (asked.eigenSmooth) {
      throw new GradlensError(
        "unsupported",
        `eigen smoothing is of a layer's channels, and ${title} looks at no layer; take it without, or gradcam instead`,
      );
    }
    check?.(model.template, model.name);
    return;
  }
  const def: CamMethod = METHODS[name];
  if (def.needs === "head") for (const tap of taps) requirePooledHead(model.template, tap, model.name);
  if (model.template.logits.shape.at(-1) !== 1) return;
  if (def.needs === "gradients" && def.contrasts) {
    throw new GradlensError(
      "unsupported",
      `${def.title} shows what sets a class apart from others, and this ${model.name} has one output; take gradcam instead`,
    );
  }
  if (asked.softmax && optionsOf(name).includes("score")) {
    throw new GradlensError(
      "unsupported",
      `the probability of one output is 1 by softmax, whatever the picture; compare the logit (--score logit, score)`,
    );
  }
}

/**
 * The methods that are not defined for this model, these layers or what is asked of all.
 * @throws GradlensError the reasons of all, where that leaves none
 */
export function refusals(
  methods: readonly MethodName[],
  taps: readonly Tap[],
  model: { readonly template: Template; readonly name: string },
  asked: SharedOptions,
): Refusal[] {
  const refused = new Refusals(methods, "unsupported");
  for (const method of methods) {
    try {
      checkMethod(method, taps, model, asked);
    } catch (error) {
      refused.add(method, error);
    }
  }
  return refused.all;
}

/** Whether a method runs the model, or much of it, many times for its maps of these layers. */
export function runsOften(name: MethodName, taps: readonly Tap[], template: Template): boolean {
  const def: CamMethod = METHODS[name];
  switch (def.needs) {
    case "masks":
    case "noise":
      return true;
    case "ablation":
      // Behind a pooled layer there is one matrix product, for all channels at once.
      return !taps.every((tap) => isPooled(template, tap));
    case "input":
      return def.samples !== undefined;
    case "activations":
    case "gradients":
    case "head":
    case "random":
    case "biases":
    case "attention":
      return false;
  }
}
