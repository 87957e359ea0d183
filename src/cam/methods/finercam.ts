/** @file Finer-CAM: Grad-CAM of the difference between a label and the labels with the nearest logits. */

import { gradientMethod } from "./kinds.js";
import { POSITIONS } from "./method.js";
import { softmax } from "../scores.js";
import { unsupported } from "../../errors.js";
import { phrase, say } from "../../language/say.js";

/** The number of labels compared, and the weight of their logits: pytorch-grad-cam's defaults. */
const NEIGHBOURS = 3;
const ALPHA = 1;
/** pytorch-grad-cam's. */
const EPS = 1e-9;

/**
 * The gradient of pytorch-grad-cam's FinerWeightedTarget with respect to the logits z: sum of p_i (z_t - alpha z_i) over sum
 * of p_i for the neighbours i. The softmax p of z is differentiated too.
 * @param plain the logits that choose the neighbours
 */
export function finerSeed(logits: Float32Array, target: number, plain = logits): Float32Array {
  const p = softmax(logits);
  const distance = (i: number): number => Math.abs(plain[i]! - plain[target]!);
  const neighbours = [...logits.keys()]
    .filter((i) => i !== target)
    .sort((i, j) => distance(i) - distance(j) || i - j)
    .slice(0, NEIGHBOURS);
  const difference = (i: number): number => logits[target]! - ALPHA * logits[i]!;
  const total = neighbours.reduce((sum, i) => sum + p[i]!, 0) + EPS;
  const value = neighbours.reduce((sum, i) => sum + p[i]! * difference(i), 0) / total;
  const seed = new Float64Array(logits.length);
  for (const i of neighbours) {
    const weight = p[i]! / total;
    seed[target]! += weight;
    seed[i]! -= ALPHA * weight;
    // d p_i / d z_j = p_i ([i = j] - p_j)
    const change = weight * (difference(i) - value);
    seed[i]! += change;
    seed.forEach((_, j) => (seed[j]! -= change * p[j]!));
  }
  return Float32Array.from(seed);
}

export const finercam = gradientMethod({
  title: "Finer-CAM",
  paper: "Zhang et al., CVPR 2025, https://arxiv.org/abs/2501.11309",
  question: phrase`What sets the label apart from its nearest labels?`,
  seed: finerSeed,
  check({ template: { logits, embedding }, name }) {
    if (embedding !== undefined)
      throw unsupported(
        say`Finer-CAM compares the logits of classes, and the model has no classifier; use gradcam instead`,
      );
    if (logits.shape.at(-1) !== 1) return;
    throw unsupported(
      say`Finer-CAM compares a class with others, and this ${name} has one output; use gradcam instead`,
    );
  },
  weights: (b, _, G) => b.mean(G, POSITIONS),
});
