/** @file Makes a method's finished maps: the mean over input variants, the peak, the sign. */

import { peak } from "../image/map-range.js";
import type { Target } from "./request/targets.js";
import type { CamMap } from "./request/types.js";
import { meanOfVariants } from "./scaling/input-variants.js";
import type { Scaling } from "./scaling/scale-together.js";

/** @param variants of each input variant the scaled map of each target */
export function camMaps(
  map: Pick<CamMap, "method" | "layers" | "shape">,
  { relu }: Scaling,
  targets: readonly Target[],
  variants: readonly (readonly Float32Array[])[],
): CamMap[] {
  const [height, width] = map.shape;
  return targets.map((target, t) => {
    const maps = variants.map((ofTargets) => ofTargets[t]!);
    const data = maps.length === 1 ? maps[0]! : meanOfVariants(maps, map.shape);
    return { ...map, target, data, peak: peak(data, { height, width }), ...(!relu && { signed: true }) };
  });
}
