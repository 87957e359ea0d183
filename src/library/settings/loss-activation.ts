/** @file Infers the activation of the scores from the loss or the task that a training state names. */

import type { Activation } from "../../cam/scores.js";
import type { Json } from "../../checkpoint/json.js";

const SIGMOID = /bce|binary_?cross|sigmoid|multi_?label|asymmetric|(?:^|[._])asl(?:[._]|$)|soft_?margin/i;
const SOFTMAX =
  /cross_?entropy|softmax|(?:^|[._])ce(?:_?loss)?$|nll|label_?smooth|soft_?target|single_?label|multi_?class/i;

/** A loss, a task, or a switch for one; undefined where it decides nothing, as a focal loss or the value of a loss. */
export function activationOfLoss(value: Json, path: readonly string[]): Activation | undefined {
  const name = path.at(-1)!.toLowerCase();
  const isSwitch = /multi_?label|bce/.test(name);
  if (isSwitch && (typeof value === "boolean" || value === 0 || value === 1)) {
    if (value) return "sigmoid";
    // Without BCE a loss may be anything.
    return name.includes("bce") ? undefined : "softmax";
  }
  if (typeof value !== "string") return undefined;
  // `type` and `name` are of a loss only inside one.
  if (/^(?:type|name|_target_)$/.test(name) && !/loss|criterion/i.test(path.at(-2) ?? "")) return undefined;
  // MultiLabelSoftMarginLoss and binary cross-entropies match both patterns.
  if (SIGMOID.test(value)) return "sigmoid";
  return SOFTMAX.test(value) ? "softmax" : undefined;
}
