/** @file Mean and std of samples 0..255, as torchvision's older code and Caffe have them, for samples 0..1. */

interface Statistics {
  readonly mean?: readonly number[] | undefined;
  readonly std?: readonly number[] | undefined;
}

/** Nothing has a mean or a std this large of samples in 0..1. */
const MOST_OF_UNIT = 1.5;

/** Whether a mean and the std that stands beside it are those of samples 0..255: 123.675 for 0.485. */
export const areOfBytes = ({ mean = [], std = [] }: Statistics): boolean =>
  [...mean, ...std].some((value) => Math.abs(value) > MOST_OF_UNIT);

/** Whether one is of samples 0..255 and the other of 0..1, as 123.675 and 0.229 are: no picture has both. */
export const areMixed = ({ mean = [], std = [] }: Statistics): boolean =>
  mean.some((value) => value > MOST_OF_UNIT) && std.length > 0 && std.some((value) => value < 1);

/** Of samples 0..255, for samples 0..1. */
export const ofUnit = (values: readonly number[]): number[] =>
  values.map((value) => Number((value / 255).toPrecision(7)));
