/** @file BEiT's relative position biases: a table in each block, with rows for pairs of patches and three for the class token. */

import { badArgument, badWeights } from "../errors.js";
import type { Builder } from "../graph/builder.js";
import { bilinearMap } from "../graph/sparse-map.js";
import type { Node, Pair } from "../graph/types.js";
import type { BuildOptions, FileReading, FileSize, TableReading } from "./arch.js";
import { resampleTable } from "./relative-position.js";
import { pairsOf } from "./swin-windows.js";
import { gridOf } from "./vit-embedding.js";
import { say } from "../language/say.js";

/**
 * The last rows are, in this order: from the class token to a patch, from a patch to the class token, from the class token to
 * itself.
 */
const CLASS_ROWS = 3;
const NAME = "relative_position_bias_table";
export const FIRST_TABLE = `blocks.0.attn.${NAME}`;

/** Rows of a table for a grid of patches. */
export const rowsOf = (grid: Pair): number => pairRows(grid) + CLASS_ROWS;
const pairRows = ([height, width]: Pair): number => (2 * height - 1) * (2 * width - 1);

/** The side of the square grid that a table with this number of rows is for; undefined for other numbers. */
function sideOf(rows: number): number | undefined {
  const side = (Math.sqrt(rows - CLASS_ROWS) + 1) / 2;
  return Number.isInteger(side) && side > 0 ? side : undefined;
}

/**
 * The square grid that a table is resampled from; undefined if it has the rows of `grid`. A count that a square also has is
 * read as a square's, as in timm.
 * @throws GradlensError "bad-argument" where neither fits
 */
function resampledFrom(path: string, rows: number, grid: Pair): number | undefined {
  const side = sideOf(rows);
  if (side !== undefined) return grid.every((n) => n === side) ? undefined : side;
  if (rows === rowsOf(grid)) return undefined;
  throw badArgument(
    say`${path} has ${rows} rows, which are no square grid's to resample from: give the size of training by --size HxW`,
  );
}

const offsets = (grid: Pair): Pair => [2 * grid[0] - 1, 2 * grid[1] - 1];

/**
 * Rows of pairs for `grid`. transformers resamples bilinearly. timm and the authors resample so that near offsets keep
 * their values.
 * @param side undefined where the rows are the grid's own
 */
function forGrid(b: Builder, table: Node, side: number | undefined, grid: Pair, o: BuildOptions): Node {
  const to = offsets(grid);
  if (o.spelling !== "huggingface")
    return side === undefined ? table : resampleTable(b, table, 2 * side - 1, to);
  // transformers reads the rows as columns, and resamples even that of the grid itself.
  const from: Pair = side === undefined ? [to[1], to[0]] : [2 * side - 1, 2 * side - 1];
  const heads = table.shape[1]!;
  const read = b.reshape(table, [...from, heads]);
  const resized = to.reduce(
    (x, size, axis) => (size === from[axis] ? x : b.resample(x, axis, bilinearMap(from[axis]!, size))),
    read,
  );
  return b.reshape(resized, [to[0] * to[1], heads]);
}

/**
 * [heads, 1 + patches, 1 + patches], a row for each query: timm's Attention._get_rel_pos_bias. It depends on parameters alone.
 * @param native rows of the architecture's own table
 */
export function classTokenBias(
  b: Builder,
  { heads, grid, native }: { readonly heads: number; readonly grid: Pair; readonly native: number },
  o: BuildOptions,
): Node {
  const path = `${b.path}.${NAME}`;
  const rows = o.shapes?.get(path)?.[0] ?? native;
  const table = b.param(NAME, [rows, heads]);
  const ofPairs = b.slice(table, 0, 0, rows - CLASS_ROWS);
  const side = resampledFrom(path, rows, grid);
  const pairs = pairsOf(b, forGrid(b, ofPairs, side, grid, o), grid);
  const patches = grid[0] * grid[1];
  // [heads, n] of rows behind those of the pairs
  const classRows = (indices: readonly number[]): Node =>
    b.transpose(b.gather(b.slice(table, 0, rows - CLASS_ROWS), 0, indices), [1, 0]);
  const ofPatches = b.reshape(classRows(Array<number>(patches).fill(1)), [heads, patches, 1]);
  const ofClass = b.reshape(classRows([2, ...Array<number>(patches).fill(0)]), [heads, 1, 1 + patches]);
  return b.concat([ofClass, b.concat([ofPatches, pairs], 2)], 1);
}

/** What a file's first table says. The tables of all blocks are alike. */
export const tableReading = (patch: number): FileReading => ({
  size: ({ shapes }) => sizeOfTable(shapes?.get(FIRST_TABLE)?.[0], patch),
  assumed(o) {
    const rows = o.shapes?.get(FIRST_TABLE)?.[0];
    const positions = rows === undefined ? undefined : resampling(rows, gridOf(o, patch));
    const pooling = poolingOf(o);
    return { ...(positions && { positions }), ...(pooling && { pooling }) };
  },
});

const SHOWN = 4;
const text = ([height, width]: Pair): string => `${height}x${width}`;

/** The grids that a table with this number of rows fits, those nearest to a square first. */
function gridsOf(rows: number): Pair[] {
  const pairs = rows - CLASS_ROWS;
  const sides = Array.from({ length: Math.ceil(Math.sqrt(Math.max(0, pairs)) / 2) }, (_, i) => 2 * i + 1);
  return sides
    .filter((side) => Number.isInteger((pairs / side - 1) / 2))
    .reverse()
    .flatMap((side): Pair[] => {
      const [short, long] = [(side + 1) / 2, (pairs / side + 1) / 2];
      return short === long
        ? [[short, long]]
        : [
            [short, long],
            [long, short],
          ];
    });
}

/** @throws GradlensError "bad-weights" for a table of no grid */
function sizeOfTable(rows: number | undefined, patch: number): FileSize | undefined {
  if (rows === undefined) return undefined;
  const has = say`the file's ${FIRST_TABLE} has ${rows} rows`;
  const [first, ...others] = gridsOf(rows).map(([height, width]): Pair => [height * patch, width * patch]);
  if (first === undefined) {
    throw badWeights(
      say`${has}, which no grid of patches and a class token gives; convert the original checkpoint again`,
    );
  }
  if (first[0] === first[1]) {
    const grid: Pair = [first[0] / patch, first[1] / patch];
    return { size: first, because: say`${has}, those of ${text(grid)} patches` };
  }
  const likely = [first, ...others].slice(0, SHOWN).map(text).join(", ");
  const open = say`${has}, which are no square grid's: give the size of training by --size HxW, likely ${likely}`;
  return { size: first, open };
}

function resampling(rows: number, grid: Pair): TableReading | undefined {
  const side = resampledFrom(FIRST_TABLE, rows, grid);
  if (side === undefined) return undefined;
  const value = text([side, side]);
  return {
    value,
    because: say`${FIRST_TABLE} has ${rows} rows, taken as those of ${value} patches and resampled to ${text(grid)}`,
  };
}

/** The authors and transformers have `norm` if the head reads the class token, and `fc_norm` if it reads the patches' mean. */
export const readsClassToken = ({ shapes }: Pick<BuildOptions, "shapes">): boolean =>
  shapes !== undefined && shapes.has("norm.weight") && !shapes.has("fc_norm.weight");

function poolingOf(o: BuildOptions): TableReading | undefined {
  if (!readsClassToken(o)) return undefined;
  const because = say`norm in place of fc_norm says that the head reads the class token in the authors' networks; timm's may read the patches' mean with fc_norm off`;
  return { value: "token", because };
}
