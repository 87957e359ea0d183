/** @file A line along the edge of a map's regions, drawn on an overlay. */

import type { Crop } from "./crop.js";
import { checkPicture, toRgb, type Picture, type Size } from "./picture.js";
import { resizedMapRows, type RowSource } from "./resize.js";

/** Of the shorter side: a white line, and on both sides of it a dark edge, so that it shows on every colour. */
const LINE = 1 / 160;
const EDGE = 1 / 320;

/**
 * Draws the outline of `mask` (findRegions, of the picture's size) on an overlay: where the heat between two neighbouring
 * pixels, one of them in the mask, passes `level`. Open where a region meets the picture's border. Gives a new 8-bit RGB
 * picture. Throws `bad-picture`, and `bad-argument` for a map that does not fit its size.
 */
export function drawContour(
  overlay: Picture,
  map: Float32Array,
  mapSize: Size,
  { level, mask, crop }: { readonly level: number; readonly mask: Picture; readonly crop?: Crop | undefined },
): Picture {
  checkPicture(overlay);
  checkPicture(mask);
  const { width, height } = overlay;
  const side = Math.min(width, height);
  const line = Math.max(1, Math.round(side * LINE)) / 2;
  const edge = line + Math.round(side * EDGE);
  const points = outline(resizedMapRows(map, mapSize, overlay, crop), overlay, mask.data, level);
  const distance = distanceTo(points, overlay, edge + 0.5);
  const data = Uint8Array.from(toRgb(overlay).data);
  for (let i = 0; i < distance.length; i++) {
    const away = distance[i]!;
    if (away >= edge + 0.5) continue;
    // A pixel that the line covers in part gets that share of its colour.
    const dark = Math.min(edge + 0.5 - away, 1);
    const white = Math.min(Math.max(line + 0.5 - away, 0), 1);
    for (let c = i * 3; c < i * 3 + 3; c++)
      data[c] = Math.round(data[c]! * (1 - dark) * (1 - white) + 255 * white);
  }
  return { data, width, height, channels: 3 };
}

/** x, y, x, y, ... of where the outline passes between neighbouring pixels, in pixels from the first pixel's centre. */
function outline(
  fillRow: RowSource,
  { width, height }: Size,
  mask: Picture["data"],
  level: number,
): readonly number[] {
  const points: number[] = [];
  let above = new Float32Array(width);
  let row = new Float32Array(width);
  /** How far on the way from the pixel of one heat to that of another the level is; halfway where it is not between them. */
  const passes = (from: number, to: number): number => {
    const share = (level - from) / (to - from);
    return share >= 0 && share <= 1 ? share : 0.5;
  };
  for (let y = 0, i = 0; y < height; y++, [above, row] = [row, above]) {
    fillRow(y, row);
    for (let x = 0; x < width; x++, i++) {
      if (x > 0 && mask[i] !== mask[i - 1]) points.push(x - 1 + passes(row[x - 1]!, row[x]!), y);
      if (y > 0 && mask[i] !== mask[i - width]) points.push(x, y - 1 + passes(above[x]!, row[x]!));
    }
  }
  return points;
}

/** Each pixel's distance to the nearest point, where that is below `reach`; elsewhere `reach`. */
function distanceTo(points: readonly number[], { width, height }: Size, reach: number): Float32Array {
  const distance = new Float32Array(width * height).fill(reach);
  for (let p = 0; p < points.length; p += 2) {
    const px = points[p]!;
    const py = points[p + 1]!;
    const right = Math.min(Math.floor(px + reach), width - 1);
    const bottom = Math.min(Math.floor(py + reach), height - 1);
    for (let y = Math.max(Math.ceil(py - reach), 0); y <= bottom; y++) {
      for (let x = Math.max(Math.ceil(px - reach), 0); x <= right; x++) {
        const away = Math.hypot(x - px, y - py);
        if (away < distance[y * width + x]!) distance[y * width + x] = away;
      }
    }
  }
  return distance;
}
