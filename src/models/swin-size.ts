/** @file Infers a Swin's input size from its position tables. */

import { badWeights } from "../errors.js";
import type { Shape } from "../graph/shape.js";
import type { Pair } from "../graph/types.js";
import type { BuildOptions, FileSize } from "./arch.js";
import { SWIN_PATCH } from "./swin-blocks.js";
import { say } from "../language/say.js";

type Shapes = ReadonlyMap<string, Shape>;

const STAGES = 4;

interface SwinTables {
  /** Side of the architecture's own window in patches. */
  readonly window: number;
  readonly table: PositionTable;
}

/** A table of each attention with a row for each relative position in a window. */
interface PositionTable {
  readonly name: string;
  readonly rows: (shape: Shape) => number;
}

/** [(2h - 1)(2w - 1), heads] */
export const BIAS_TABLE: PositionTable = { name: "relative_position_bias_table", rows: ([n]) => n ?? 0 };
/** [1, 2h - 1, 2w - 1, 2] */
export const COORDINATES: PositionTable = {
  name: "relative_coords_table",
  rows: ([, h = 0, w = 0]) => h * w,
};

const text = ([h, w]: Pair): string => `${h}x${w}`;
const rowsOf = ([h, w]: Pair): number => (2 * h - 1) * (2 * w - 1);
const tableKey = ({ table }: SwinTables, stage: number): string =>
  `layers.${stage}.blocks.0.attn.${table.name}`;

/** The windows, in patches, that a table with this number of rows fits. */
function windowsOf(rows: number, largest: number): Pair[] {
  const sides = Array.from({ length: largest }, (_, i) => i + 1);
  return sides.flatMap((h) => sides.map((w): Pair => [h, w])).filter((window) => rowsOf(window) === rows);
}

/** The rows of each stage's table in a model made for a size. Where a grid is smaller than the window, the grid decides. */
function tableRows([height, width]: Pair, { window }: SwinTables): number[] {
  const side = (pixels: number, stage: number): number =>
    Math.min(window, Math.ceil(Math.floor(pixels / SWIN_PATCH) / 2 ** stage));
  return Array.from({ length: STAGES }, (_, stage) => rowsOf([side(height, stage), side(width, stage)]));
}

/**
 * Undefined where all stages have the architecture's own window.
 * @throws GradlensError "bad-weights" where no size gives these tables, as in a Swin with other windows
 */
function sizeOfTables(shapes: Shapes, swin: SwinTables): FileSize | undefined {
  const rows = Array.from({ length: STAGES }, (_, stage) => {
    const shape = shapes.get(tableKey(swin, stage));
    return shape && swin.table.rows(shape);
  });
  const stage = rows.findLastIndex((n) => n !== undefined && n < rowsOf([swin.window, swin.window]));
  if (stage < 0) return undefined;
  const candidates = rows.flatMap((n = 0, s) =>
    windowsOf(n, swin.window).map(([h, w]): Pair => [h * (SWIN_PATCH << s), w * (SWIN_PATCH << s)]),
  );
  const fitting = candidates.filter((size) => tableRows(size, swin).every((n, s) => n === (rows[s] ?? n)));
  const sizes = [...new Map(fitting.map((size) => [text(size), size])).values()];
  const [first] = sizes;
  const has = say`the file's ${tableKey(swin, stage)} has ${rows[stage]} rows`;
  if (!first) {
    throw badWeights(
      say`${has}, and no size of picture gives the tables of all stages with windows of ${swin.window}x${swin.window} patches: its windows are of another size, and gradlens does not compute such a Swin`,
    );
  }
  const squares = sizes.filter(([h, w]) => h === w);
  if (squares.length === 1) return { size: squares[0]!, because: say`${has}, a model's for such pictures` };
  const likely = (squares.length > 0 ? squares : sizes).map(text).join(", ");
  return {
    size: first,
    open: say`${has}, as those of models for several sizes: give the size of training by --size HxW, likely ${likely}`,
  };
}

/** The original, and timm before 0.9, keep the mask of the shifted windows of the first stage, [windows, area, area]. */
const MASK = /(?:^|\.)layers\.0\.blocks\.1\.attn_mask$/;

function sizeOfMask(file: Shapes): FileSize | undefined {
  const masks = [...file].filter(([key]) => MASK.test(key));
  const [key, shape] = masks[0] ?? [];
  if (!shape || masks.some(([, other]) => other.join() !== shape.join())) return undefined;
  const [count, side] = [Math.sqrt(shape[0]!), Math.sqrt(shape[1]!)];
  if (!Number.isInteger(count) || !Number.isInteger(side)) return undefined;
  const size = count * side * SWIN_PATCH;
  return {
    size: [size, size],
    because: say`${key} of the file is for ${count}x${count} windows of ${side}x${side} patches`,
  };
}

/** @throws GradlensError "bad-weights" for tables of other windows */
export function swinSize(o: BuildOptions, file: Shapes, swin: SwinTables): FileSize | undefined {
  const ofTables = sizeOfTables(o.shapes ?? new Map(), swin);
  return sizeOfMask(file) ?? ofTables;
}
