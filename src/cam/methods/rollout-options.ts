/** @file The options of attention rollout. */

import { GradlensError } from "../../errors.js";

export const ROLLOUT_HEADS = ["mean", "max", "min"] as const;

export type RolloutHeads = (typeof ROLLOUT_HEADS)[number];

export interface RolloutOptions {
  /** How the heads of a layer become one. Default: their mean. */
  readonly rolloutHeads?: RolloutHeads;
  /** The share of each layer's smallest attentions that count as none, from 0 (default: all count) to less than 1. */
  readonly discardRatio?: number;
}

/** @throws GradlensError "bad-argument" */
export function checkRolloutOptions({ rolloutHeads = "mean", discardRatio = 0 }: RolloutOptions): void {
  if (!ROLLOUT_HEADS.includes(rolloutHeads)) {
    throw new GradlensError(
      "bad-argument",
      `rollout heads ${JSON.stringify(rolloutHeads)} are none of ${ROLLOUT_HEADS.join(", ")}`,
    );
  }
  if (!(discardRatio >= 0 && discardRatio < 1)) {
    throw new GradlensError(
      "bad-argument",
      `discard ratio ${discardRatio}: a number from 0 to less than 1 is needed`,
    );
  }
}
