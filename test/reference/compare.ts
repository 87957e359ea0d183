/** @file How tests measure the difference of two arrays. */

/**
 * Largest difference over `scale`, by default the larger of 1 and the largest value expected. Infinite where lengths
 * differ or a value is no number, so that neither can pass for equal.
 */
export function relativeError(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  scale?: number,
): number {
  if (actual.length !== expected.length) return Infinity;
  let [difference, largest] = [0, 1];
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs(actual[i]! - expected[i]!));
    largest = Math.max(largest, Math.abs(expected[i]!));
  }
  return Number.isNaN(difference) ? Infinity : difference === 0 ? 0 : difference / (scale ?? largest);
}
