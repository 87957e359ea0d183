/** @file PyTorch's functions in TorchScript code, by what they do to the values of a network. */

import { plainData, type Value } from "./flow.js";

/** Functions that return sizes and types, not values. */
export const MEASURES =
  /^(?:size|dim|len|numel|shape|device|dtype|type|is_\w+|NumToTensor|requires_grad|layout|ndimension|__is__|__isnot__|__not__|__contains__|new_\w+|\w+_like|warn|format|RaiseException|get_fastpath_enabled)$/;

/** Functions that rearrange values without changing them. */
export const ARRANGES =
  /^(?:flatten|unflatten|reshape|view|permute|transpose|t|contiguous|unsqueeze|squeeze|expand|expand_as|slice|select|unbind|chunk|split|split_with_sizes|to|type_as|clone|detach|alias|movedim|swapaxes|dropout|feature_dropout|alpha_dropout|narrow|append|list|tuple|getitem|unchecked_cast|view_as|reshape_as|is_grad_enabled)$/;

/** torchvision's tuples of the logits and the logits of auxiliary classifiers. Evaluation mode has no auxiliary ones. */
export const WITH_AUXILIARIES = /^(?:Inception|GoogLeNet)Outputs$/;

export const RESHAPES = /^(?:reshape|view)$/;

/** Functions that act as the layer whose weight they get: that of another module, or of one with children. */
export const WEIGHTED = /^(?:linear|conv2d|_convolution(?:_mode)?|batch_norm|layer_norm)$/;

export const ARITHMETIC = /^(?:add|sub|rsub|mul|div)$/;

/** Python's sum() begins with 0, and padding for a size may need no zeros. */
export const isNothingAdded = (name: string, args: readonly Value[]): boolean => {
  if (name === "add") return args.slice(0, 2).some((arg) => plainData(arg) === 0);
  const added = name === "pad" && plainData(args[1]);
  return Array.isArray(added) && added.every((one) => one === 0);
};

/** Distinguishes arithmetic on two values of the network from that on one value and a number or weight. */
export function arithmeticName(name: string, flows: number, named: ReadonlyMap<string, Value>): string {
  if ((plainData(named.get("alpha")) ?? 1) !== 1) return `${name} with alpha`;
  return flows > 1 ? name : `${name} value`;
}

/** The result of a condition that constants decide, else undefined. */
export function comparison(name: string, args: readonly Value[]): boolean | undefined {
  const [a, b] = args.map(plainData);
  if (name === "__not__") return typeof a === "boolean" ? !a : undefined;
  if (args.length !== 2) return undefined;
  const isNone = (value: Value | undefined): boolean => value?.kind === "constant" && value.value === null;
  if (name === "__is__" && isNone(args[1])) return isNone(args[0]);
  if (name === "__isnot__" && isNone(args[1])) return !isNone(args[0]);
  if (a === undefined || b === undefined) return undefined;
  if (name === "eq") return JSON.stringify(a) === JSON.stringify(b);
  return name === "ne" ? JSON.stringify(a) !== JSON.stringify(b) : undefined;
}
