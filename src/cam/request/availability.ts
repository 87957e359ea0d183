/** @file Which methods are not defined for a model. */

import { unsupported } from "../../errors.js";
import type { Tap } from "../../models/taps.js";
import type { CamMethod } from "../methods/method.js";
import { isWholeModelMethod, METHODS, type MethodName } from "../methods/table.js";
import type { NamedModel } from "../model.js";
import { needsLabel } from "./embedding-targets.js";
import { Refusals } from "./refusals.js";
import type { Refusal } from "./types.js";
import { say } from "../../language/say.js";

/** Options that all methods of a call share. */
interface SharedOptions {
  readonly eigenSmooth: boolean;
  /** Scores are compared after a softmax. */
  readonly softmax: boolean;
}

/** @throws GradlensError "unsupported" where the method is not defined for this model, these layers or these options */
function checkMethod(
  name: MethodName,
  layers: readonly Tap[],
  model: NamedModel,
  { eigenSmooth, softmax }: SharedOptions,
): void {
  const method: CamMethod = METHODS[name];
  const { title, check, reads } = method;
  const problem = needsLabel(method, model);
  if (problem !== undefined) throw unsupported(problem);
  if (eigenSmooth && isWholeModelMethod(name)) {
    throw unsupported(
      say`eigen smoothing combines a layer's channels, and ${title} reads no layer; use it without, or gradcam instead`,
    );
  }
  check?.(model, layers);
  if (softmax && reads?.includes("score") && model.template.logits.shape.at(-1) === 1) {
    throw unsupported(
      say`the probability of one output is 1 by softmax, whatever the picture; compare the logit (--score logit, score)`,
    );
  }
}

/**
 * The methods that are not defined for this model, these layers or these options.
 * @throws GradlensError the reasons of all, if none is defined
 */
export function refusals(
  methods: readonly MethodName[],
  layers: readonly Tap[],
  model: NamedModel,
  shared: SharedOptions,
): Refusal[] {
  const refused = new Refusals(methods, "unsupported");
  for (const method of methods) {
    try {
      checkMethod(method, layers, model, shared);
    } catch (error) {
      refused.add(method, error);
    }
  }
  return refused.all;
}
