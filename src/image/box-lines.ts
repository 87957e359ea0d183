/** @file Draws boxes on an overlay: those of regions dashed, to differ from outlines; those that people drew solid. */

import { toRgb, type Picture } from "./picture.js";
import { bytesOf } from "./quantise.js";
import type { Box } from "./rle.js";

/** As a share of the shorter side. */
const LINE = 1 / 320;
/** The length of a dash, as a multiple of its width. White and black dashes alternate, to show on every colour. */
const DASH = 4;

/** The lines of a solid box from its edge inwards. */
const SOLID = [0, 255, 255, 0] as const;

/** White and black dashes, or a white line between two black ones. */
export type BoxStyle = "dashed" | "solid";

/** Draws boxes, [x, y, width, height] in the picture's pixels, inside their edges. Returns a new 8-bit RGB picture. */
export function drawBoxes(picture: Picture, boxes: readonly Box[], style: BoxStyle = "dashed"): Picture {
  const { width, height } = picture;
  const line = Math.max(1, Math.round(Math.min(width, height) * LINE));
  const wide = style === "solid" ? SOLID.length * line : line;
  const data = new Uint8Array(bytesOf(toRgb(picture)));
  for (const [x, y, w, h] of boxes) {
    const left = Math.max(Math.round(x), 0);
    const top = Math.max(Math.round(y), 0);
    const right = Math.min(Math.round(x + w), width);
    const bottom = Math.min(Math.round(y + h), height);
    for (let row = top; row < bottom; row++) {
      const horizontal = row - top < wide || bottom - row <= wide;
      for (let column = left; column < right; column++) {
        if (!horizontal && column - left >= wide && right - column > wide) continue;
        const along = horizontal ? column - left : row - top;
        const inward = Math.min(column - left, right - 1 - column, row - top, bottom - 1 - row);
        const dash = Math.floor(along / (DASH * line)) % 2 === 0 ? 255 : 0;
        const colour = style === "solid" ? SOLID[Math.floor(inward / line)]! : dash;
        const at = 3 * (row * width + column);
        data.fill(colour, at, at + 3);
      }
    }
  }
  return { data, width, height, channels: 3 };
}
