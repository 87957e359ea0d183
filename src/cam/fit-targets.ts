/** @file Runs work on several targets and methods at once, in smaller parts where the GPU lacks memory for all. */

import { hasCode } from "../errors.js";
import { chunksOf } from "./split-lists.js";
import type { MethodName } from "./methods/table.js";
import type { Refusals } from "./request/refusals.js";
import type { Target } from "./request/targets.js";

export interface TargetFit {
  /** Collects the methods that do not fit for a single target. */
  readonly refused: Refusals;
  /** The same methods. Later calls skip them. */
  readonly unfit: Set<MethodName>;
  /** Holds the number of targets that fit at once. Later calls start from it. */
  readonly forward: { targetsAtOnce: number };
}

/**
 * Calls `work` once for all methods and targets if that fits; else with half the targets at a time, down to one; then with
 * half the methods. A method that does not fit alone is refused.
 */
export async function inFittingParts<M extends MethodName>(
  { refused, unfit, forward }: TargetFit,
  methods: readonly M[],
  targets: readonly Target[],
  work: (methods: readonly M[], targets: readonly Target[]) => Promise<unknown>,
): Promise<void> {
  const attempt = async (some: readonly M[], part: readonly Target[]): Promise<void> => {
    const left = some.filter((method) => !unfit.has(method));
    if (left.length === 0) return;
    if (part.length > forward.targetsAtOnce) {
      for (const smaller of chunksOf(part, forward.targetsAtOnce)) await attempt(left, smaller);
      return;
    }
    try {
      await work(left, part);
    } catch (error) {
      if (!hasCode(error, "out-of-memory")) throw error;
      if (part.length > 1) {
        forward.targetsAtOnce = Math.floor(part.length / 2);
        await attempt(left, part);
      } else if (left.length > 1) {
        for (const half of chunksOf(left, Math.ceil(left.length / 2))) await attempt(half, part);
      } else {
        unfit.add(left[0]!);
        refused.add(left[0]!, error);
      }
    }
  };
  await attempt(methods, targets);
}
