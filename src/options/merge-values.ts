/** @file Merges typed options with those saved beside the weights. */

import { badArgument } from "../errors.js";
import type { OptionValues } from "./table.js";
import { say } from "../language/say.js";

const NORMS = {
  imagenet: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  half: { mean: [0.5], std: [0.5] },
  none: { mean: [0], std: [1] },
} as const;

/**
 * What is typed wins over what is kept beside the weights.
 * @throws GradlensError "bad-argument" for options that contradict each other or cannot be
 */
export function mergeValues(kept: OptionValues, typed: OptionValues, keptIn: string): OptionValues {
  const values = { ...withoutNorm(kept, `${keptIn}: "norm"`), ...withoutNorm(typed, "--norm") };
  for (const name of ["mean", "std"] as const) {
    const given = values[name];
    if (given !== undefined && given.length !== 1 && given.length !== 3) {
      throw badArgument(say`--${name} has ${given.length} values: give 3, or 1 for all channels`);
    }
  }
  if (values.std?.some((value) => value <= 0))
    throw badArgument(say`--std ${values.std.join(",")}: give values above 0`);
  return values;
}

/** `norm` written out as mean and std. */
function withoutNorm({ norm, ...rest }: OptionValues, shown: string): OptionValues {
  if (norm === undefined) return rest;
  const other = (["mean", "std"] as const).find((name) => rest[name] !== undefined);
  if (other !== undefined) {
    throw badArgument(
      say`${shown} and ${shown.replace("norm", other)} contradict each other: norm stands for mean and std`,
    );
  }
  return { ...rest, ...NORMS[norm] };
}
