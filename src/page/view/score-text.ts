/** @file A class's score in words. */

import { model } from "../state/store.js";

/** Whether scores are shares of 1, as after softmax or sigmoid. */
export const areShares = (): boolean =>
  model.value?.activation !== "none" && model.value?.embedding === undefined;

export const scoreText = (score: number): string =>
  areShares() ? `${(100 * score).toFixed(score < 0.0995 ? 2 : 1)} %` : score.toFixed(2);
