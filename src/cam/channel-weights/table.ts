/** @file How the channel weights of each kind of measured method are found. */

import type { MeasuredMethod } from "../methods/method.js";
import { ablationWeights } from "./ablation.js";
import { maskWeights } from "./masks.js";
import { noiseWeights } from "./noise.js";
import { randomWeights } from "./random.js";
import type { LayerWeights, WeightRequest } from "./weight-request.js";

export const CHANNEL_WEIGHTS: {
  readonly [K in MeasuredMethod["needs"]]: (measurement: WeightRequest) => Promise<LayerWeights>;
} = {
  ablation: ablationWeights,
  masks: maskWeights,
  noise: noiseWeights,
  random: randomWeights,
};
