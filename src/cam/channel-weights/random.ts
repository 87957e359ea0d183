/** @file Random channel weights, uniform in -1..1: the same for the same seed, layer and label, whatever else is asked. */

import { randomNumbers } from "../passes/seeded-random.js";
import type { LayerWeights, WeightRequest } from "./weight-request.js";

export function randomWeights({ tap, targets, seed }: WeightRequest): Promise<LayerWeights> {
  const channels = tap.output.shape.at(-1)!;
  const weights = new Float32Array(targets.length * channels);
  targets.forEach((target, t) => {
    const next = randomNumbers(`${seed} ${tap.path} ${target}`);
    for (let c = 0; c < channels; c++) weights[t * channels + c] = 2 * next() - 1;
  });
  return Promise.resolve({ weights });
}
