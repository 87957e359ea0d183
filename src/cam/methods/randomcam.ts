/** @file Channels with random weights: the baseline that every other map should differ from. */

import { randomNumbers } from "../passes/seeded-random.js";
import { channelWeightMethod } from "./kinds.js";
import { phrase } from "../../language/say.js";

export const randomcam = channelWeightMethod({
  title: "RandomCAM",
  paper: "pytorch-grad-cam's RandomCAM, weights uniform in -1..1",
  question: phrase`Random weights: the baseline to compare with`,
  group: "no-gradient",
  cost: "none",
  reads: ["seed"],
  /** The weights follow from seed, layer and label. Other layers and labels of the call do not change them. */
  find({ tap, targets }, { seed }) {
    const channels = tap.output.shape.at(-1)!;
    const weights = new Float32Array(targets.length * channels);
    targets.forEach((target, t) => {
      const next = randomNumbers(`${seed} ${tap.path} ${target}`);
      for (let c = 0; c < channels; c++) weights[t * channels + c] = 2 * next() - 1;
    });
    return Promise.resolve({ weights });
  },
});
