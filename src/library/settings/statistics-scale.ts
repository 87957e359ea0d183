/** @file Converts mean and std for samples 0..255 to samples 0..1, which models read here. */

import { badArgument, type GradlensError } from "../../errors.js";
import { say } from "../../language/say.js";

type Statistic = readonly number[];

const MOST = 255;

/**
 * The same statistics for samples of 0..1. A mean above 1 is of samples 0..255, and so are its deviations. A mean of 0 fits
 * both scales. Either may be missing.
 * @param whose for messages, such as "--mean and --std"
 * @returns `converted`: true if they were of samples 0..255 and are divided by 255
 * @throws GradlensError "bad-argument" where one is of samples 0..255 and the other of 0..1, or of neither
 */
export function toUnitScale(mean: Statistic | undefined, std: Statistic | undefined, whose: string) {
  const same = { mean, std, converted: false };
  if (!areOfBytes({ mean, std })) return same;
  const shown = [mean && say`mean ${mean.join(",")}`, std && say`std ${std.join(",")}`]
    .filter(Boolean)
    .join(", ");
  const refuse = (why: string): GradlensError =>
    badArgument(say`${whose} (${shown}): ${why}; give both for samples of 0..1`);
  if ([...(mean ?? []), ...(std ?? [])].some((value) => value > MOST || value < 0)) {
    throw refuse(say`samples are 0..1, or 0..${MOST}, and have no such values`);
  }
  if (areMixed({ mean, std })) {
    throw refuse(say`one is of samples 0..${MOST}, the other of samples 0..1`);
  }
  return { mean: mean && ofUnit(mean), std: std && ofUnit(std), converted: true };
}

interface Statistics {
  readonly mean?: readonly number[] | undefined;
  readonly std?: readonly number[] | undefined;
}

/**
 * Such a deviation cannot be of samples 0..1, whose largest is a half. Smaller numbers may be a scale of their own, such as 1.
 */
const LEAST_OF_BYTES = 10;

/** No sample of 0..1 has a mean above 1. */
const hasByteMean = (mean: readonly number[]): boolean => mean.some((value) => value > 1);

/** True if a mean and its std are those of samples 0..255: 123.675 for 0.485. */
export const areOfBytes = ({ mean = [], std = [] }: Statistics): boolean =>
  hasByteMean(mean) || std.some((value) => value >= LEAST_OF_BYTES);

/** True if one is of samples 0..255 and the other of 0..1, as 123.675 and 0.229. A mean of 0 may be of either. */
export const areMixed = ({ mean = [], std = [] }: Statistics): boolean =>
  areOfBytes({ mean, std }) &&
  (hasByteMean(mean) ? std.some((value) => value < 1) : mean.some((value) => value !== 0));

/** Converts a value of samples 0..255 to samples 0..1. 57.12 / 255 is 0.22399999999999998; it is shown as 0.224. */
export const ofUnit = (values: readonly number[]): number[] =>
  values.map((value) => Number((value / 255).toPrecision(12)));
