/** @file Finds the peak of a map. */

import type { Size } from "./picture.js";
import { checkMap } from "./resize.js";

/** The map's first maximum (rows from the top), as [x, y]. */
export function peak(map: Float32Array, size: Size): [x: number, y: number] {
  checkMap(map, size);
  let best = 0;
  for (let i = 1; i < map.length; i++) if (map[i]! > map[best]!) best = i;
  return [best % size.width, Math.floor(best / size.width)];
}
