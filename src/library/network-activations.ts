/** @file The activation of each architecture, and its names in training states. */

import type { ActivationKind } from "../models/activations.js";
import { TRANSFORMERS, type ArchDef, type ModelFamily } from "../models/arch.js";
import { phrase } from "../language/say.js";

/** Families without batch norms. */
export const LAYER_NORMED: ReadonlySet<ModelFamily> = new Set([...TRANSFORMERS, "convnext"]);

/** A name alone or behind a module's path: "leaky_relu" and "quick_gelu" are other functions. */
const named = (names: string): RegExp => new RegExp(`(?:^|\\.)(?:${names})$`, "i");

type NamedActivation = readonly [said: string, names: RegExp];

const ACTIVATIONS: { readonly [K in ActivationKind]?: NamedActivation } = {
  ReLU: ["ReLU", named("relu")],
  ReLU6: ["ReLU6", named("relu6")],
  SiLU: ["SiLU", named("silu|swish")],
  Hardswish: ["Hardswish", named("hard_?swish")],
  GELU: ["GELU", named("gelu")],
};

/** DINOv2's giant gates by SiLU. Hugging Face's configuration says GELU all the same. */
const GATED = ["SiLU", named("silu|swish|gelu")] as const;

/** For networks that differ in this alone. */
const CLIP_ACTIVATIONS = [
  ["QuickGELU", named("quick_?gelu(?:activation)?")],
  ["GELU", named("gelu")],
] as const;

/** timm's activation of SigLIP. Hugging Face has gelu_pytorch_tanh in all. */
const SIGLIP_ACTIVATIONS: { readonly [K in ActivationKind]?: NamedActivation } = {
  GELU: ["GELU", named("gelu(?:_pytorch_tanh)?")],
  GELUTanh: [phrase`GELU's approximation by tanh`, named("gelu_?(?:pytorch_?)?tanh")],
};

/** An architecture's activation, and the names under which files say it. */
export function activationOf({ family, act, differs = "" }: ArchDef): NamedActivation {
  if (family === "siglip") return SIGLIP_ACTIVATIONS[act!]!;
  if (family === "clip") return CLIP_ACTIVATIONS.find(([name]) => differs.startsWith(name))!;
  if (family === "dinov2" && act === "SiLU") return GATED;
  return ACTIVATIONS[act ?? (LAYER_NORMED.has(family) ? "GELU" : "ReLU")]!;
}
