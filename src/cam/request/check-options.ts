/** @file Checks the names, numbers and words of an explanation's options that no later step checks. */

import { badArgument } from "../../errors.js";
import { meantWords, nearest } from "../../models/nearest.js";
import { checkMapOptions } from "../map-options.js";
import { methodNamed } from "../methods/aliases.js";
import { isMethodName, METHOD_NAMES } from "../methods/table.js";
import type { ExplainOptions } from "./types.js";
import { say } from "../../language/say.js";

/** @throws GradlensError "bad-argument" */
export function checkOptions(options: ExplainOptions): void {
  if (!isObject(options)) {
    throw badArgument(
      say`options ${JSON.stringify(options)}: an object is needed; leave them out for the usual ones`,
    );
  }
  const { methods, layers, batchSize, memory } = options;
  checkList("methods", methods);
  checkList("layers", layers);
  if (layers?.length === 0)
    throw badArgument(say`no layer is named; leave layers out for the architecture's own`);
  for (const name of methods ?? []) {
    if (isMethodName(name)) continue;
    const likely = methodNamed(String(name)) ?? nearest(String(name), METHOD_NAMES, 1)[0];
    throw badArgument(say`unknown method ${JSON.stringify(name)}${meantWords(likely!)}`);
  }
  const whole = [
    [say`batch size`, batchSize],
    [say`memory in bytes`, memory],
  ] as const;
  for (const [what, value] of whole) {
    if (value === undefined || (Number.isSafeInteger(value) && value >= 1)) continue;
    throw badArgument(say`${what} ${value}: a whole number from 1 up is needed`);
  }
  checkTargets(options.targets);
  checkMapOptions(options);
}

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;

function checkList(what: string, value: unknown): void {
  if (value === undefined || Array.isArray(value)) return;
  throw badArgument(say`${what} ${JSON.stringify(value)}: a list of names is needed`);
}

function checkTargets(value: unknown): void {
  const isOne = (item: unknown): boolean => typeof item === "number" || typeof item === "string";
  if (value === undefined || isOne(value) || (Array.isArray(value) && value.every(isOne))) return;
  throw badArgument(
    say`targets ${JSON.stringify(value)}: a class index, a text as "cat" or "top3", or a list of these is needed`,
  );
}
