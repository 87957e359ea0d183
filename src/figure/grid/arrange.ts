/** @file Arranges a grid's maps along one axis, folded into rows, or along two. */

import { chunksOf } from "../../cam/split-lists.js";
import { MAX_CELLS_A_SIDE } from "../layout/grid-layout.js";
import { isAt, type Axis, type GridPosition } from "./axes.js";
import { valuesIn, type Entries, type Entry, type RefusedEntry } from "./entries.js";
import type { Word } from "./headings.js";
import type { LazyPicture } from "./sources.js";
import { say } from "../../language/say.js";

/** The content of a cell: an overlay or a gradient, an unmodified picture, or words. */
export type Content =
  | { readonly kind: "map" | "plain"; readonly shown: LazyPicture }
  | { readonly kind: "words"; readonly words: string };

/** A cell before its facts are placed. */
export interface Cell {
  readonly content: Content;
  readonly entry?: Entry;
  readonly refused?: RefusedEntry;
  /** Always printed below the cell. */
  readonly name?: string;
}

export interface Arrangement {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly cells: readonly (readonly (Cell | undefined)[])[];
}

export const cellsOf = ({ cells }: Arrangement): Cell[] => cells.flat().filter((cell) => cell !== undefined);

/** Entries that differ only on the page's axes, and their position on the others. */
export interface Group {
  readonly entries: readonly Entry[];
  readonly at: GridPosition;
}

/** The headings of unmodified pictures, and of maps below their picture. */
export const PLAIN = "picture";
export const MAP = "map";
/** More cells than this on a single axis are folded into several rows. */
export const MOST_IN_A_ROW = 6;

/** Lays out one axis, folded if it is long. The picture comes first if all maps share it, else above its map. */
export function flowing({ entries }: Group, axis: Axis, all: Entries, word: Word): Arrangement[] {
  const stacks = valuesIn(entries, axis, all).map((key) => {
    const entry = entries.find(({ at }) => isAt(at, axis, key))!;
    const map = cellOf(entry);
    return { name: all.values[axis].shown(key), cells: axis === "image" ? [plainCell(entry), map] : [map] };
  });
  if (axis !== "image") stacks.unshift({ name: word(PLAIN), cells: [plainCell(entries[0]!)] });
  const headings = axis === "image" ? [word(PLAIN), word(MAP)] : [""];
  if (stacks.length <= MOST_IN_A_ROW) {
    const cells = headings.map((_, i) => stacks.map((stack) => stack.cells[i]!));
    return [{ rows: headings, columns: stacks.map(({ name }) => name), cells }];
  }
  const height = headings.length;
  const most = Math.min(Math.ceil(Math.sqrt(1.5 * height * stacks.length)), MAX_CELLS_A_SIDE);
  // So that the last row is about as long as the others.
  const width = Math.ceil(stacks.length / Math.ceil(stacks.length / most));
  const named = stacks.map(({ name, cells: [first, ...others] }) => [{ ...first!, name }, ...others]);
  return chunksOf(chunksOf(named, width), Math.floor(MAX_CELLS_A_SIDE / height)).map((lines) => ({
    rows: lines.flatMap(() => headings),
    columns: Array.from({ length: width }, () => ""),
    cells: lines.flatMap((line) =>
      headings.map((_, i) => Array.from({ length: width }, (_, c) => line[c]?.[i])),
    ),
  }));
}

/** Lays out two axes, with the unmodified pictures in a row or column of their own. */
export function crossed(group: Group, rows: Axis, columns: Axis, all: Entries, word: Word): Arrangement[] {
  const { entries } = group;
  const { values } = all;
  const most = MAX_CELLS_A_SIDE - 1;
  const columnChunks = chunksOf(valuesIn(entries, columns, all), most);
  return chunksOf(valuesIn(entries, rows, all), most).flatMap((rowKeys) =>
    columnChunks.map((columnKeys): Arrangement => {
      const maps = {
        rows: rowKeys.map(values[rows].shown),
        columns: columnKeys.map(values[columns].shown),
        cells: crossedCells(group, [rows, rowKeys], [columns, columnKeys], all),
      };
      const plain = (axis: Axis) => (key: string) =>
        plainCell(entries.find((entry) => isAt(entry.at, axis, key))!);
      if (columns === "image") return withRow(maps, word(PLAIN), columnKeys.map(plain(columns)));
      if (rows === "image") return withColumn(maps, word(PLAIN), rowKeys.map(plain(rows)));
      // All maps are of one picture, which is shown once: where it leaves the fewest cells blank.
      const once = [plainCell(entries[0]!)];
      return rowKeys.length > columnKeys.length
        ? withRow(maps, word(PLAIN), once)
        : withColumn(maps, word(PLAIN), once);
    }),
  );
}

type Line = readonly [axis: Axis, keys: readonly string[]];

function crossedCells(
  { entries, at }: Group,
  [rows, rowKeys]: Line,
  [columns, columnKeys]: Line,
  { values, refused }: Entries,
): Cell[][] {
  const missing = values[rows].byPlace || values[columns].byPlace ? say`no further one` : "none";
  const empty = (row: string, column: string): Cell => {
    const here: GridPosition = { ...at, [rows]: row, [columns]: column };
    const found = refused.find(({ at: { model, method } }) => here.model === model && here.method === method);
    const words = found ? say`refused: ${found.reason}` : missing;
    return { content: { kind: "words", words }, ...(found && { refused: found }) };
  };
  return rowKeys.map((row) => {
    const inRow = entries.filter((entry) => isAt(entry.at, rows, row));
    return columnKeys.map((column) => {
      const entry = inRow.find((one) => isAt(one.at, columns, column));
      return entry ? cellOf(entry) : empty(row, column);
    });
  });
}

/** An arrangement with a row above; the rest of a row that is too short stays blank. */
function withRow({ rows, columns, cells }: Arrangement, heading: string, row: readonly Cell[]): Arrangement {
  return { rows: [heading, ...rows], columns, cells: [columns.map((_, i) => row[i]), ...cells] };
}

/** An arrangement with a column on the left, likewise. */
function withColumn(
  { rows, columns, cells }: Arrangement,
  heading: string,
  column: readonly Cell[],
): Arrangement {
  return { rows, columns: [heading, ...columns], cells: cells.map((row, i) => [column[i], ...row]) };
}

const plainCell = ({ source: { picture } }: Entry): Cell => ({ content: { kind: "plain", shown: picture } });

function cellOf(entry: Entry): Cell {
  const flat = entry.map?.flat;
  if (flat !== undefined) return { content: { kind: "words", words: say`flat: ${flat}` }, entry };
  return { content: { kind: "map", shown: entry.shown }, entry };
}
