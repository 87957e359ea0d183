/** @file The regions of a map that `cam` was asked for, and their record in the manifest. */

import type { CamMap } from "../../cam/request/types.js";
import type { Crop } from "../../image/crop.js";
import { sizeOf, type Size } from "../../image/picture.js";
import { findRegions, segment, type Regions } from "../../image/regions.js";
import { resizedMapRows } from "../../image/resize.js";
import { shortNumber, type RegionsRecord, type Rendering } from "../results/manifest.js";

/**
 * The regions of a map in the picture's own pixels, with their mask at the overlay's size; undefined without a threshold.
 * `crop` is the part of the picture that the map is of.
 */
export function regionsOf(
  map: CamMap,
  picture: Size,
  crop: Crop,
  { threshold, minArea = 0, overlaySize }: Rendering,
): Regions | undefined {
  if (threshold === undefined) return undefined;
  const input = sizeOf(map.shape);
  const regions = findRegions(map.data, input, picture, { threshold, minArea, crop });
  if (overlaySize === "image") return regions;
  const { of } = crop;
  const fillRow = resizedMapRows(map.data, input, input);
  const { mask } = segment(fillRow, input, regions.level, minArea * of.width * of.height);
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
