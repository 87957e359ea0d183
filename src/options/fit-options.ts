/** @file Converts option values to FitOptions. */

import type { FitOptions } from "../library/network/fit-request.js";
import type { Arch } from "../models/architectures.js";
import type { OptionValues } from "./table.js";

/** A setting that is absent is left to the weights file. */
export function fitOptionsOf(
  values: OptionValues,
  arch: Arch | undefined,
  labels: readonly string[] | undefined,
): FitOptions {
  const { size, mean, std, resize, bgr, cropPct, spelling, headActivation, transformInput, embedding } =
    values;
  return {
    ...(arch && { arch }),
    ...(spelling !== undefined && { spelling }),
    ...(headActivation && { headActivation }),
    ...(transformInput !== undefined && { transformInput }),
    ...(embedding !== undefined && { embedding }),
    ...(size && { size }),
    ...(mean && { mean }),
    ...(std && { std }),
    ...(resize && { resize }),
    ...(cropPct !== undefined && { cropPct }),
    ...(bgr !== undefined && { bgr }),
    ...(labels && { labels }),
    activation: values.activation ?? "auto",
  };
}

/** The choices in reading a checkpoint. */
export function checkpointReadingOf({ strictPickle = false, stateDict }: OptionValues): {
  readonly strictPickle: boolean;
  readonly stateDict?: string;
} {
  return { strictPickle, ...(stateDict !== undefined && { stateDict }) };
}
