/** @file Rectangles of a figure, and how a picture lies in one. */

import type { Crop } from "../../image/crop.js";
import type { Size } from "../../image/picture.js";

export interface Rect extends Size {
  readonly left: number;
  readonly top: number;
}

/** Every length times `unit`, rounded. */
export function scaledRect({ left, top, width, height }: Rect, unit: number): Rect {
  return {
    left: Math.round(left * unit),
    top: Math.round(top * unit),
    width: Math.round(width * unit),
    height: Math.round(height * unit),
  };
}

/**
 * Centres the whole picture in a box, in its ratio. Enlarges by whole numbers, so that its pixels stay squares, unless it is to
 * fill the box.
 * @param unit the picture's pixels a unit of the box
 */
export function fitInto(
  { left, top, width, height }: Rect,
  picture: Size,
  { unit = 1, fill = false }: { readonly unit?: number; readonly fill?: boolean } = {},
): Rect {
  const ratio = Math.min((width * unit) / picture.width, (height * unit) / picture.height);
  const scale = ratio >= 1 && !fill ? Math.floor(ratio) : ratio;
  const w = Math.max(1, Math.round(picture.width * scale)) / unit;
  const h = Math.max(1, Math.round(picture.height * scale)) / unit;
  // Rounded to the box's units; a picture's may be finer.
  const before = (space: number): number => Math.max(0, Math.floor(space / 2));
  return { left: left + before(width - w), top: top + before(height - h), width: w, height: h };
}

/** Where a part of a picture lies in a rectangle that shows all of it. */
export function partOf(cell: Rect, { left, top, width, height, of }: Crop): Rect {
  const x = Math.round((left * cell.width) / of.width);
  const y = Math.round((top * cell.height) / of.height);
  return {
    left: cell.left + x,
    top: cell.top + y,
    width: Math.max(1, Math.min(Math.round((width * cell.width) / of.width), cell.width - x)),
    height: Math.max(1, Math.min(Math.round((height * cell.height) / of.height), cell.height - y)),
  };
}
