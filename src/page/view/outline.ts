/** @file The outline of a map's regions as a path, by marching squares. */

import type { Size } from "../../image/picture.js";
import { findRegions, type Regions } from "../../image/regions.js";
import type { Threshold } from "../../image/threshold.js";

export interface Outline extends Regions {
  /** An SVG path in pixels of the values' size. */
  readonly path: string;
}

/** Pairs of crossed edges (0 top, 1 right, 2 bottom, 3 left), by the inside corners: 1 top left, 2, 4, 8 clockwise. */
const SEGMENTS: readonly (readonly (readonly [number, number])[])[] = [
  [],
  [[3, 0]],
  [[0, 1]],
  [[3, 1]],
  [[1, 2]],
  [
    [3, 0],
    [1, 2],
  ],
  [[0, 2]],
  [[3, 2]],
  [[2, 3]],
  [[2, 0]],
  [
    [0, 1],
    [2, 3],
  ],
  [[2, 1]],
  [[1, 3]],
  [[1, 0]],
  [[0, 3]],
  [],
];

/** @param laid the map at this size */
export function outlineOf(laid: Float32Array, size: Size, threshold: Threshold, minArea = 0): Outline {
  const regions = findRegions(laid, size, size, { threshold, minArea });
  const { level } = regions;
  const { width, height } = size;
  const mask = regions.mask.data;
  // Positions of small regions count as just below the level, so that they have no outline.
  const valueAt = (i: number): number => (mask[i] === 0 ? Math.min(laid[i]!, level - 1e-6) : laid[i]!);
  const bit = (i: number, shift: number): number => (mask[i] === 0 ? 0 : 1 << shift);
  const parts: string[] = [];
  for (let y = 0; y + 1 < height; y++) {
    for (let x = 0, i = y * width; x + 1 < width; x++, i++) {
      const inside = bit(i, 0) | bit(i + 1, 1) | bit(i + width + 1, 2) | bit(i + width, 3);
      if (inside === 0 || inside === 15) continue;
      const corners = [valueAt(i), valueAt(i + 1), valueAt(i + width + 1), valueAt(i + width)] as const;
      for (const [from, to] of SEGMENTS[inside]!)
        parts.push(`M${pointOn(from, corners, level, x, y)}L${pointOn(to, corners, level, x, y)}`);
    }
  }
  return { ...regions, path: parts.join("") };
}

/** Two decimals: no screen shows smaller parts of a pixel. */
const rounded = (value: number): number => Math.round(10 * (value + 0.5)) / 10;

/** The position, 0..1, of the level between two values. */
const share = (from: number, to: number, level: number): number =>
  from === to ? 0.5 : Math.min(Math.max((level - from) / (to - from), 0), 1);

/** The point where the level crosses an edge of the cell at x, y. Values are at pixel centres. */
function pointOn(
  edge: number,
  [a, b, c, d]: readonly [number, number, number, number],
  level: number,
  x: number,
  y: number,
): string {
  switch (edge) {
    case 0:
      return `${rounded(x + share(a, b, level))} ${rounded(y)}`;
    case 1:
      return `${rounded(x + 1)} ${rounded(y + share(b, c, level))}`;
    case 2:
      return `${rounded(x + share(d, c, level))} ${rounded(y + 1)}`;
    default:
      return `${rounded(x)} ${rounded(y + share(a, d, level))}`;
  }
}
