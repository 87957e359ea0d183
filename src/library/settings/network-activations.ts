/** @file The activation of each architecture, and its names in training states. */

import type { Json } from "../../checkpoint/json.js";
import type { ActivationKind } from "../../models/activations.js";
import type { ArchDef } from "../../models/arch.js";
import type { Family } from "../../models/family.js";
import { CLIP } from "../../models/clip.js";
import { phrase } from "../../language/say.js";

/** A name alone or behind a module's path: "leaky_relu" and "quick_gelu" are other functions. */
const named = (names: string): RegExp => new RegExp(`(?:^|\\.)(?:${names})$`, "i");

type NamedActivation = readonly [said: string, names: RegExp];

const ACTIVATIONS: { readonly [K in ActivationKind]?: NamedActivation } = {
  ReLU: ["ReLU", named("relu")],
  ReLU6: ["ReLU6", named("relu6")],
  SiLU: ["SiLU", named("silu|swish")],
  Hardswish: ["Hardswish", named("hard_?swish")],
  GELU: ["GELU", named("gelu")],
  GELUTanh: [phrase`GELU's approximation by tanh`, named("gelu_?(?:pytorch_?)?tanh")],
  QuickGELU: ["QuickGELU", named("quick_?gelu(?:activation)?")],
};

/** Networks without layer norms have batch norms. */
export const hasLayerNorms = ({ layerNormEps }: Family): boolean => layerNormEps !== undefined;

/** An architecture's activation, and the names under which files say it. */
export function activationOf({ family, act, differs }: ArchDef): NamedActivation {
  if (family === CLIP) return ACTIVATIONS[differs!.startsWith("QuickGELU") ? "QuickGELU" : "GELU"]!;
  return ACTIVATIONS[act ?? (hasLayerNorms(family) ? "GELU" : "ReLU")]!;
}

/** True if a setting says another activation than the architecture's. */
export function saysOtherActivation(value: Json, of: ArchDef): boolean {
  const { hiddenAct } = of.family;
  const accepted = [activationOf(of)[1], ...(hiddenAct === undefined ? [] : [named(hiddenAct)])];
  return typeof value === "string" && !accepted.some((names) => names.test(value));
}
