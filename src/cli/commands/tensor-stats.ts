/** @file The range of a tensor's values. */

import { say } from "../../language/say.js";

export interface TensorStats {
  /** Of the finite values; null where there are none. */
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly nan: number;
  readonly infinite: number;
}

export function statsOf(floats: Float32Array): TensorStats {
  let [min, max, sum, nan, infinite] = [Infinity, -Infinity, 0, 0, 0];
  for (const value of floats) {
    if (value - value === 0) {
      if (value < min) min = value;
      if (value > max) max = value;
      sum += value;
    } else if (value !== value) nan++;
    else infinite++;
  }
  const finite = floats.length - nan - infinite;
  if (finite === 0) return { min: null, max: null, mean: null, nan, infinite };
  return { min, max, mean: sum / finite, nan, infinite };
}

/** As "min -0.5, max 1.25, mean 0.003, 2 NaN". */
export function statsText({ min, max, mean, nan, infinite }: TensorStats): string {
  const short = (value: number): string => String(Number(value.toPrecision(4)));
  return [
    ...(min !== null ? [`min ${short(min)}`, `max ${short(max!)}`, say`mean ${short(mean!)}`] : []),
    ...(nan > 0 ? [`${nan} NaN`] : []),
    ...(infinite > 0 ? [say`${infinite} infinite`] : []),
  ].join(", ");
}
