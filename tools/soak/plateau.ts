/** @file Whether a row of measurements has stopped growing. */

export interface Plateau {
  /** The median of each fifth of the row. */
  readonly fifths: readonly number[];
  /** Of the last fifth beyond the middle one, as a part of it: what a program takes to get going is in neither. */
  readonly growth: number;
}

export function plateauOf(values: readonly number[]): Plateau {
  const at = (i: number): number => Math.floor((i * values.length) / 5);
  const fifths = [0, 1, 2, 3, 4].map((i) => median(values.slice(at(i), at(i + 1))));
  const [middle, last] = [fifths[2]!, fifths[4]!];
  return { fifths, growth: middle === last ? 0 : last / middle - 1 };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[at]! : (sorted[at - 1]! + sorted[at]!) / 2;
}
