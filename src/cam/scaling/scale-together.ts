/**
 * @file Scales raw maps on the CPU in the two cases that the GPU does not cover: maps that keep their sign, and one
 * scale shared by all targets. All other maps are scaled by scale-maps.ts.
 */

import type { Pair } from "../../graph/types.js";
import { resizeMap } from "../../image/resize.js";
import type { MapOptionValues } from "../map-options.js";
import { EPS } from "./scale-maps.js";

/** How raw maps become heat. */
export type Scaling = Pick<MapOptionValues, "relu" | "compareScale">;

/** Whether every map is scaled by itself, as in pytorch-grad-cam: the GPU does it. */
export const isPerMap = ({ relu, compareScale }: Scaling): boolean => relu && compareScale === "own";

/** The raw maps of one layer, one a target. */
export interface RawMaps {
  /** [h, w] of each map. */
  readonly shape: Pair;
  readonly maps: readonly Float32Array[];
}

/**
 * As scaleMap and averageLayers of scale-maps.ts, with two differences. On a shared scale the minimum and maximum are those of
 * all targets. Without ReLU a division by the largest magnitude replaces min-max, so that 0 stays 0.
 * @param layers the raw maps of one method; the result is their mean
 * @param size of the model's input, [H, W]
 * @returns a map [H, W] for each target, in 0..1; without ReLU in -1..1
 */
export function scaleTogether(
  layers: readonly RawMaps[],
  [height, width]: Pair,
  scaling: Scaling,
): Float32Array[] {
  const to = { height, width };
  const resized = layers.map(({ shape: [h, w], maps }) =>
    scaleAll(maps, scaling).map((map) => resizeMap(map, { height: h, width: w }, to)),
  );
  const [first] = resized;
  const sums = first!.map((_, t) =>
    Float32Array.from({ length: height * width }, (_, p) =>
      resized.reduce((sum, maps) => sum + maps[t]![p]! / resized.length, 0),
    ),
  );
  return scaleAll(sums, scaling);
}

function scaleAll(maps: readonly Float32Array[], { relu, compareScale }: Scaling): Float32Array[] {
  const kept = relu ? maps.map((map) => map.map((x) => Math.max(0, x))) : maps;
  const whole = rangeOf(kept);
  return kept.map((map) => {
    const { lowest, highest } = compareScale === "shared" ? whole : rangeOf([map]);
    const from = relu ? lowest : 0;
    const over = (relu ? highest - lowest : Math.max(highest, -lowest)) + EPS;
    return map.map((x) => (x - from) / over);
  });
}

function rangeOf(maps: readonly Float32Array[]): { lowest: number; highest: number } {
  let [lowest, highest] = [Infinity, -Infinity];
  for (const map of maps) {
    for (const x of map) {
      if (x < lowest) lowest = x;
      if (x > highest) highest = x;
    }
  }
  return { lowest, highest };
}
