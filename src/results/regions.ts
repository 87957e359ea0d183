/** @file The regions of a map, and their record in the manifest. */

import type { CamMap } from "../cam/request/types.js";
import type { Crop } from "../image/crop.js";
import { sizeOf, type Size } from "../image/picture.js";
import { findRegions, segment, type Regions } from "../image/regions.js";
import { type RegionsRecord, type Rendering, shortNumber } from "./manifest.js";

/**
 * The regions of a map in the picture's own pixels, with their mask at the overlay's size; undefined without a threshold.
 * @param laid the map laid over the picture
 * @param crop the part of the picture that the map is of
 */
export function regionsOf(
  { data, shape }: CamMap,
  laid: Float32Array,
  picture: Size,
  crop: Crop,
  { threshold, minArea = 0, overlaySize }: Rendering,
): Regions | undefined {
  if (threshold === undefined) return undefined;
  const regions = findRegions(laid, picture, picture, { threshold, minArea });
  if (overlaySize === "image") return regions;
  const { of } = crop;
  const { mask } = segment(data, sizeOf(shape), regions.level, minArea * of.width * of.height);
  return { ...regions, mask };
}

export function regionsRecord({ level, regions }: Regions, rendering: Rendering): RegionsRecord {
  return {
    threshold: rendering.threshold!,
    minArea: rendering.minArea ?? 0,
    level: shortNumber(level),
    found: regions.map((region) => ({
      ...region,
      meanHeat: shortNumber(region.meanHeat),
      maxHeat: shortNumber(region.maxHeat),
    })),
  };
}
