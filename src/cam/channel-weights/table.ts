/** @file How the channel weights of each kind of measured method are found. */

import type { MeasuredMethod } from "../methods/method.js";
import { measureAblation } from "./ablation.js";
import { measureMasks } from "./masks.js";
import { measureNoise } from "./noise.js";
import { measureRandom } from "./random.js";
import type { Measured, Measurement } from "./weight-request.js";

export const MEASURES: {
  readonly [K in MeasuredMethod["needs"]]: (measurement: Measurement) => Promise<Measured>;
} = {
  ablation: measureAblation,
  masks: measureMasks,
  noise: measureNoise,
  random: measureRandom,
};
