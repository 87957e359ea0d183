/** @file Prints scores. */

/** Three decimals; of small scores the power of ten. */
export function scoreText(score: number): string {
  const size = Math.abs(score);
  return size !== 0 && size < 0.0005 ? score.toExponential(0) : score.toFixed(3);
}
