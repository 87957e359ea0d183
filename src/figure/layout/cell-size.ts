/** @file Chooses the size of the cells of a grid. */

import type { GridCell, GridTable } from "./grid-table.js";
import type { Size } from "../../image/picture.js";

/** The area of cells is that of a square of this side. Small pictures are enlarged to the least, large ones reduced to the most. */
const SQUARE = { least: 180, most: 420 } as const;
/** Cells shrink on a page with many cells, to keep its width and height near this. */
const TARGET_SIDE = 2400;
const SMALL_CELL = 160;
/** The least width and height of a box, for its words. */
export const LEAST_BOX: Size = { width: 96, height: 72 };
/** The greatest ratio of a box's sides; boxes of longer pictures are squarer. */
const MOST_RATIO = 4;

const picturesOf = (cells: readonly (GridCell | undefined)[]): Size[] =>
  cells.flatMap((cell) => cell?.picture ?? []);

/** The cells that decide the size: all but unmodified pictures, unless there are no others. */
function leadingPictures({ cells }: GridTable): Size[] {
  const maps = picturesOf(cells.flat().filter((cell) => !cell?.plain));
  return maps.length > 0 ? maps : picturesOf(cells.flat());
}

/** Width over height of the boxes: the pictures' common ratio, or their mean. */
function boxRatio(table: GridTable): number {
  const logs = picturesOf(table.cells.flat()).map(({ width, height }) => Math.log(width / height));
  const mean = logs.reduce((sum, log) => sum + log, 0) / Math.max(logs.length, 1);
  return Math.min(Math.max(Math.exp(mean), 1 / MOST_RATIO), MOST_RATIO);
}

/** A box with this longer side. */
export function boxOf(table: GridTable, long: number): Size {
  const ratio = boxRatio(table);
  return {
    width: Math.round(Math.min(long, long * ratio)),
    height: Math.round(Math.min(long, long / ratio)),
  };
}

/** `boxOf`, but at least LEAST_BOX. */
export function readableBox(table: GridTable, long: number): Size {
  const { width, height } = boxOf(table, long);
  return { width: Math.max(width, LEAST_BOX.width), height: Math.max(height, LEAST_BOX.height) };
}

/**
 * The longer side of cells at which the largest picture keeps its size, as far as the number of cells allows.
 * @param unit the picture's pixels a unit of the layout
 */
export function longSide(table: GridTable, unit: number): number {
  const ratio = boxRatio(table);
  const [unitWidth, unitHeight] = [Math.min(1, ratio), Math.min(1, 1 / ratio)];
  const natural = Math.max(
    0,
    ...leadingPictures(table).map(({ width, height }) => Math.max(width / unitWidth, height / unitHeight)),
  );
  const kept = natural / unit;
  const columns = table.columns.length;
  const rows = table.rows.length;
  const byDefault = TARGET_SIDE / Math.max(columns * unitWidth, rows * unitHeight);
  // The longer side of a box of area 1.
  const side = Math.sqrt(Math.max(ratio, 1 / ratio));
  const most = Math.min(SQUARE.most * side, Math.max(byDefault, SMALL_CELL));
  return Math.round(Math.min(Math.max(kept, SQUARE.least * side), most));
}
