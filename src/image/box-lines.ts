/** @file Draws the boxes of regions on an overlay, dashed to differ from outlines. */

import { toRgb, type Picture } from "./picture.js";
import type { Box } from "./rle.js";

/** As a share of the shorter side. */
const LINE = 1 / 320;
/** The length of a dash, as a multiple of its width. White and black dashes alternate, to show on every colour. */
const DASH = 4;

/** Draws boxes, [x, y, width, height] in the picture's pixels, inside their edges. Returns a new 8-bit RGB picture. */
export function drawBoxes(picture: Picture, boxes: readonly Box[]): Picture {
  const { width, height } = picture;
  const line = Math.max(1, Math.round(Math.min(width, height) * LINE));
  const data = new Uint8Array(toRgb(picture).data);
  for (const [x, y, w, h] of boxes) {
    const left = Math.max(Math.round(x), 0);
    const top = Math.max(Math.round(y), 0);
    const right = Math.min(Math.round(x + w), width);
    const bottom = Math.min(Math.round(y + h), height);
    for (let row = top; row < bottom; row++) {
      const horizontal = row - top < line || bottom - row <= line;
      for (let column = left; column < right; column++) {
        if (!horizontal && column - left >= line && right - column > line) continue;
        const along = horizontal ? column - left : row - top;
        const colour = Math.floor(along / (DASH * line)) % 2 === 0 ? 255 : 0;
        const at = 3 * (row * width + column);
        data.fill(colour, at, at + 3);
      }
    }
  }
  return { data, width, height, channels: 3 };
}
