/** @file Compares a map with the boxes that people drew of its label. */

import { boxIou, holdsPixel } from "../image/box-overlap.js";
import type { Region } from "../image/regions.js";
import type { Box } from "../image/rle.js";

export interface TruthRecord {
  /**
   * The pointing game (Zhang et al., Top-down Neural Attention by Excitation Backprop, ECCV 2016): the map's peak, its first pixel
   * of maximal heat, lies in a box. Without the tolerance of 15 pixels that some programs add. False for a map without heat.
   */
  readonly hit: boolean;
  /**
   * With a threshold: the intersection over union of the map's box with the box that it fits best. The map's box is that of its
   * region of the largest area (Zhou et al., Learning Deep Features for Discriminative Localization, CVPR 2016). 0 without regions.
   */
  readonly iou?: number;
}

/**
 * @param boxes of the map's label, at least one, in the picture's pixels as all else
 * @param peak undefined for a map without heat
 * @param regions undefined without a threshold
 */
export function truthRecord(
  boxes: readonly Box[],
  peak: readonly [x: number, y: number] | undefined,
  regions: readonly Pick<Region, "box" | "area">[] | undefined,
): TruthRecord {
  const hit = peak !== undefined && boxes.some((box) => holdsPixel(box, peak));
  if (regions === undefined) return { hit };
  // The sort is stable: of regions of equal area it keeps the hottest first.
  const [largest] = [...regions].sort((a, b) => b.area - a.area);
  const iou = largest === undefined ? 0 : Math.max(...boxes.map((box) => boxIou(largest.box, box)));
  return { hit, iou: Number(iou.toPrecision(9)) };
}
