/** @file Decides whether mean and std are for samples 0..255 (Caffe, old torchvision code) or for samples 0..1. */

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
