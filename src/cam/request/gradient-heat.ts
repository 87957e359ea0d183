/** @file The heat of a gradient with respect to the picture: from a value per colour to one per pixel. */

import type { MapOptionValues } from "../map-options.js";

/**
 * "absolute": the largest magnitude among the colours; "signed": their sum.
 * @param gradient [H, W, channels]
 * @returns [H, W], not scaled
 */
export function inputHeat(
  gradient: Float32Array,
  channels: number,
  heat: MapOptionValues["inputHeat"],
): Float32Array {
  return Float32Array.from({ length: gradient.length / channels }, (_, p) => {
    const colours = gradient.subarray(p * channels, (p + 1) * channels);
    return heat === "signed"
      ? colours.reduce((sum, g) => sum + g, 0)
      : colours.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
  });
}
