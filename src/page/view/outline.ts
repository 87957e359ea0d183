/** @file The outline of a map's regions as a path, by marching squares. */

import type { Size } from "../../image/picture.js";
import { findRegions, type Regions } from "../../image/regions.js";
import type { Threshold } from "../../image/threshold.js";

export interface Outline extends Regions {
  /** An SVG path in pixels of the values' size. */
  readonly path: string;
}

/** Edges of a cell: top, right, bottom, left. By the corners inside (1 top left, 2 top right, 4 bottom right, 8 bottom left). */
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
  const { level, mask } = regions;
  const { width, height } = size;
  // Small regions are left out: there the value counts as just below the level.
  const valueAt = (x: number, y: number): number => {
    const value = laid[y * width + x]!;
    return value >= level && mask.data[y * width + x] === 0 ? level - 1e-6 : value;
  };
  const parts: string[] = [];
  for (let y = 0; y + 1 < height; y++) {
    for (let x = 0; x + 1 < width; x++) {
      const corners = [valueAt(x, y), valueAt(x + 1, y), valueAt(x + 1, y + 1), valueAt(x, y + 1)] as const;
      const inside = corners.reduce((bits, value, i) => bits | (value >= level ? 1 << i : 0), 0);
      for (const [from, to] of SEGMENTS[inside]!)
        parts.push(`M${pointOn(from, corners, level, x, y)}L${pointOn(to, corners, level, x, y)}`);
    }
  }
  return { ...regions, path: parts.join("") };
}

/** Where the level passes an edge of the cell at x, y; pixels are points at their centres. */
function pointOn(
  edge: number,
  [a, b, c, d]: readonly [number, number, number, number],
  level: number,
  x: number,
  y: number,
): string {
  const share = (from: number, to: number): number =>
    from === to ? 0.5 : Math.min(Math.max((level - from) / (to - from), 0), 1);
  const points = [
    () => [x + share(a, b), y],
    () => [x + 1, y + share(b, c)],
    () => [x + share(d, c), y + 1],
    () => [x, y + share(a, d)],
  ] as const;
  return points[edge]!()
    .map((value) => (value + 0.5).toFixed(1))
    .join(" ");
}
