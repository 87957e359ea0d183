/** @file COCO's run-length encoding of a mask, uncompressed. */

import type { PixelRun } from "./components.js";
import type { Size } from "./picture.js";

/** [x, y, width, height] in pixels; x and y are those of its first pixel. */
export type Box = readonly [x: number, y: number, width: number, height: number];

/** Counts of pixels outside, inside, outside, ... the mask, down each column from the left. The first count is of outside. */
export interface Rle {
  readonly size: readonly [height: number, width: number];
  readonly counts: readonly number[];
}

/** The mask of some runs within a box, in a picture of `size`. */
export function encodeRle(
  runs: readonly PixelRun[],
  [left, top, width, height]: Box,
  { width: pictureWidth, height: pictureHeight }: Size,
): Rle {
  const columns = new Uint8Array(width * height);
  for (const { y, start, end } of runs) {
    for (let x = start; x < end; x++) columns[(x - left) * height + y - top] = 1;
  }
  const counts: number[] = [];
  let counted = 0;
  for (let x = 0; x < width; x++) {
    const first = (left + x) * pictureHeight + top;
    for (let y = 0; y < height; y++) {
      if (columns[x * height + y] === 0) continue;
      const at = first + y;
      // The run continues if the pixel before was the last one counted.
      if (at === counted && counts.length > 0) counts[counts.length - 1]!++;
      else counts.push(at - counted, 1);
      counted = at + 1;
    }
  }
  const rest = pictureWidth * pictureHeight - counted;
  if (rest > 0) counts.push(rest);
  return { size: [pictureHeight, pictureWidth], counts };
}
