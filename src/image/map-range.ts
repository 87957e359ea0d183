/** @file Finds the peak of a map. */

import type { Size } from "./picture.js";
import { checkMap } from "./resize.js";

/** The map's first maximum (rows from the top), as [x, y] in the pixels of a picture of size `of`. */
export function peak(map: Float32Array, size: Size, of: Size = size): [x: number, y: number] {
  checkMap(map, size);
  let best = 0;
  for (let i = 1; i < map.length; i++) if (map[i]! > map[best]!) best = i;
  const x = best % size.width;
  const y = Math.floor(best / size.width);
  return [Math.floor(((x + 0.5) * of.width) / size.width), Math.floor(((y + 0.5) * of.height) / size.height)];
}
