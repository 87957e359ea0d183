/** @file Checks the numbers and words of an explanation's options that no later step checks. */

import { GradlensError } from "../errors.js";
import { INPUT_HEATS } from "./input-heat.js";
import { checkRolloutOptions } from "./rollout-options.js";
import type { ExplainOptions } from "./types.js";

/** @throws GradlensError "bad-argument" */
export function checkOptions(options: ExplainOptions): void {
  const { batchSize, topChannels, memory, inputHeat } = options;
  const whole = { "batch size": batchSize, "top channels": topChannels, "memory in bytes": memory };
  for (const [what, value] of Object.entries(whole)) {
    if (value === undefined || (Number.isSafeInteger(value) && value >= 1)) continue;
    throw new GradlensError("bad-argument", `${what} ${value}: a whole number from 1 up is needed`);
  }
  if (inputHeat !== undefined && !INPUT_HEATS.includes(inputHeat)) {
    throw new GradlensError(
      "bad-argument",
      `input heat ${JSON.stringify(inputHeat)}: there is ${INPUT_HEATS.join(" and ")}`,
    );
  }
  checkRolloutOptions(options);
}
