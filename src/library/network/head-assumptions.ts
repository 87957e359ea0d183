/** @file What is assumed of a head of several layers where the file leaves it open. */

import { badArgument, badWeights } from "../../errors.js";
import type { HeadActivation } from "../../graph/file-head.js";
import { say } from "../../language/say.js";
import type { DeepHead } from "./deep-head.js";
import type { Assumption } from "../settings/settings.js";

/**
 * The assumptions on a head that the file leaves open.
 * @param asked the caller's activation
 * @param given the caller's or the file's
 * @throws GradlensError "bad-argument" for an activation that the head does not use. "bad-weights" for named layers without
 * one, because code may call such layers in any order
 */
export function headAssumptions(
  file: string,
  head: DeepHead | undefined,
  asked: HeadActivation | undefined,
  given: HeadActivation | undefined,
): Assumption[] {
  if (asked !== undefined && !head?.isOpen) {
    throw badArgument(
      say`head activation ${asked}: the file's head leaves none open; leave out --head-activation`,
    );
  }
  if (head === undefined) return [];
  if (given === undefined && head.isOpen && head.layers.some((layer) => layer.name === undefined)) {
    throw badWeights(
      say`${file} names the layers of its head (${namesOf(head)}) but not what runs between them; give --head-activation relu (or gelu, none ...) if they run in order`,
    );
  }
  const assumed = given === undefined && head.isOpen ? [openActivation(head)] : [];
  if (head.pooling === undefined) return assumed;
  const because = say`the head reads twice the features of the last layer, as of a pool by maximum and mean`;
  return [...assumed, { what: "pooling", value: head.pooling, because }];
}

const namesOf = ({ module, layers }: DeepHead): string =>
  layers.flatMap(({ name }) => (name === undefined ? [] : [`${module}.${name}`])).join(", ");

function openActivation({ layers, module, activation }: DeepHead): Assumption {
  const names = layers.flatMap(({ kind, name }) =>
    kind === "activation" && name !== undefined ? [name] : [],
  );
  const shown = layers.map((layer) => (layer.kind === "Linear" ? `Linear(${layer.out})` : layer.kind));
  return {
    what: "head-activation",
    value: activation,
    because: say`a state dict does not hold activations; ${module} is read as ${shown.join(", ")}, with one at ${names.map((name) => `${module}.${name}`).join(", ")}`,
  };
}
