/** @file Finds the module that computes the logits, if the file has another name for it. */

import type { KeyedTensor } from "./key-prefix.js";
import type { CheckpointTensor } from "./types.js";
import { valueAt } from "./value-at.js";

/** Names of the module that computes the logits, alone or inside Sequentials. */
const HEAD_NAME =
  /^(?:(?:model|net|network|module)\.)?(?:classifier|cls|fc|heads?|linear|last_linear|logits?|output)(?:\.(?:\d+|fc|head|linear|classifier))*$/;

/** Modules that compute features, hold training state, or compute logits without a Linear. */
const NO_HEAD =
  /pool|proj|pre_logits|embed|neck|bottleneck|attn|attention|query|quer(?:y|ies)|key|decoder|encoder|gate|excit|squeeze|criterion|loss|prototype|memory|queue|\bse\b|arc|cos|margin|sphere|metric/i;

export interface FoundHead {
  /** The file's path of the module. */
  readonly module: string;
  /** By parameter: weight [classes, features] (of a convolution with 1x1), and bias [classes] if present. */
  readonly parameters: ReadonlyMap<string, { readonly from: string; readonly tensor: CheckpointTensor }>;
}

/** True for the weight of a Linear, or a 1x1 convolution, of this shape. */
export const isMatrix = (shape: readonly number[]): boolean =>
  shape.length === 2 || (shape.length === 4 && shape[2] === 1 && shape[3] === 1);

/** The weight of a 1x1 convolution, reshaped to a Linear's. */
export const asMatrix = (tensor: CheckpointTensor): CheckpointTensor =>
  tensor.shape.length === 4 ? { ...tensor, shape: tensor.shape.slice(0, 2) } : tensor;

interface HeadContext {
  /** The prefix of the model's own parameters in the file. */
  readonly prefix: string;
  /** The head's path in the model. */
  readonly head: string;
  /** Input features that the head may have. */
  readonly features: readonly number[];
  /** True if the model's head is a 1x1 convolution. */
  readonly convolves: boolean;
  /** The model's modules other than the head, by the first step of their paths. */
  readonly trunk: ReadonlySet<string>;
}

/**
 * The candidates for the head: one weight [classes, features], possibly as a 1x1 convolution, with or without a bias [classes].
 * Several if the file does not decide.
 */
export function findHeads(unused: readonly KeyedTensor[], place: HeadContext): FoundHead[] {
  const modules = new Map<string, Map<string, KeyedTensor>>();
  for (const one of unused) {
    const module = one.parts.slice(0, -1).join(".");
    valueAt(modules, module, () => new Map()).set(one.parts.at(-1)!, one);
  }
  const found = [...modules].flatMap(([module, parameters]) => headOf(module, parameters, place) ?? []);
  // A wrapper may have any name, such as "encoder".
  const nameOf = ({ module }: FoundHead): string => below(module, place.prefix);
  const named = found.filter((head) => HEAD_NAME.test(nameOf(head)));
  if (named.length > 0) return named;
  // A matrix without bias under its own name may equally be a cosine classifier, a table of prototypes or a projection.
  return found.filter((head) => head.parameters.has("bias") && !NO_HEAD.test(nameOf(head)));
}

/** A path inside the wrapper, or beside it. */
function below(module: string, prefix: string): string {
  const wrappers = prefix === "" ? [] : prefix.split(".");
  const steps = module.split(".");
  const outside = steps.findIndex((step, i) => step !== wrappers[i]);
  return outside < 0 ? "" : steps.slice(outside).join(".");
}

function headOf(
  module: string,
  parameters: ReadonlyMap<string, KeyedTensor>,
  { prefix, head, features, convolves, trunk }: HeadContext,
): FoundHead | undefined {
  const weight = parameters.get("weight");
  const bias = parameters.get("bias");
  if (weight === undefined || parameters.size > (bias ? 2 : 1)) return undefined;
  const [classes, inputs] = weight.tensor.shape;
  if (classes === undefined || inputs === undefined || !features.includes(inputs)) return undefined;
  if (!isMatrix(weight.tensor.shape)) return undefined;
  if (bias && !(bias.tensor.shape.length === 1 && bias.tensor.shape[0] === classes)) return undefined;
  const start = prefix === "" ? "" : `${prefix}.`;
  const inside = module.startsWith(start) ? module.slice(start.length) : undefined;
  const own = inside !== undefined && (inside === head || inside.startsWith(`${head}.`));
  if (!own && inside !== undefined && trunk.has(inside.split(".")[0]!)) return undefined;
  return {
    module,
    parameters: new Map([
      ["weight", { from: weight.from, tensor: convolves ? weight.tensor : asMatrix(weight.tensor) }],
      ...(bias ? [["bias", { from: bias.from, tensor: bias.tensor }] as const] : []),
    ]),
  };
}
