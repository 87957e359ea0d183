/** @file A map's range on the host: min-max scaling, and where it is highest. */

import type { Size } from "./picture.js";
import { checkMap } from "./resize.js";

/** Keeps a flat map at zero instead of NaN: pytorch-grad-cam's scale_cam_image. */
const EPSILON = 1e-7;

/** (map − min) / (max of that + 1e-7), each step in f32: 0..1, and all zeros for a flat map. */
export function scaleMap(map: Float32Array): Float32Array {
  const { fround } = Math;
  let min = Infinity;
  let max = -Infinity;
  for (const value of map) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const range = fround(fround(max - min) + EPSILON);
  return map.map((value) => fround(value - min) / range);
}

/** The map's first maximum (rows from the top), as [x, y] in the pixels of a picture of size `of`. */
export function peak(map: Float32Array, size: Size, of: Size = size): [x: number, y: number] {
  checkMap(map, size);
  let best = 0;
  for (let i = 1; i < map.length; i++) if (map[i]! > map[best]!) best = i;
  const x = best % size.width;
  const y = Math.floor(best / size.width);
  return [Math.floor(((x + 0.5) * of.width) / size.width), Math.floor(((y + 0.5) * of.height) / size.height)];
}
