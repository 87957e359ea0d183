/** @file Scores: the logits through the model's activation. Maps explain the logits. */

export type Activation = "softmax" | "sigmoid" | "none";

const sigmoid = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));

export function softmax(logits: Float32Array): Float32Array {
  // Subtracting the largest logit keeps exponentials from overflowing.
  const highest = logits.reduce((most, x) => Math.max(most, x), -Infinity);
  const powers = Array.from(logits, (x) => Math.exp(x - highest));
  const sum = powers.reduce((total, x) => total + x, 0);
  return Float32Array.from(powers, (x) => x / sum);
}

/** One score a class; with "none" the logits. Computed in f64. */
export function scoresOf(logits: Float32Array, activation: Activation): Float32Array {
  switch (activation) {
    case "softmax":
      return softmax(logits);
    case "sigmoid":
      return Float32Array.from(logits, sigmoid);
    case "none":
      return logits.slice();
  }
}
