/** @file Arranges a grid's maps along one axis, folded into rows, or along two. */

import { chunksOf } from "../../cam/lists.js";
import { MAX_CELLS_A_SIDE } from "../../figure/layout/grid-layout.js";
import type { MapRecord } from "../../results/manifest.js";
import { isAt, type Axis, type GridPosition } from "./axes.js";
import { valuesIn, type Entries, type Entry, type GridSource, type RefusedEntry } from "./entries.js";

/** The content of a cell: an overlay, an unmodified picture, or words. */
export type Content =
  | { readonly kind: "overlay"; readonly source: GridSource; readonly record: MapRecord }
  | { readonly kind: "picture"; readonly source: GridSource }
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

const PLAIN = "picture";
const MAP = "map";
/** More cells than this on a single axis are folded into several rows. */
export const MOST_IN_A_ROW = 6;

/** Lays out one axis, folded if it is long. The picture comes first if all maps share it, else above its map. */
export function flowing({ entries }: Group, axis: Axis, all: Entries): Arrangement[] {
  const plain = ({ source }: Entry): Cell => ({ content: { kind: "picture", source } });
  const stacks = valuesIn(entries, axis, all).map((key) => {
    const entry = entries.find(({ at }) => isAt(at, axis, key))!;
    const map = cellOf(entry);
    return { name: all.values[axis].shown(key), cells: axis === "image" ? [plain(entry), map] : [map] };
  });
  if (axis !== "image") stacks.unshift({ name: PLAIN, cells: [plain(entries[0]!)] });
  const headings = axis === "image" ? [PLAIN, MAP] : [""];
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
export function crossed({ entries, at }: Group, rows: Axis, columns: Axis, all: Entries): Arrangement[] {
  const { values, refused } = all;
  const most = MAX_CELLS_A_SIDE - 1;
  const missing = values[rows].byPlace || values[columns].byPlace ? "no further one" : "none";
  const empty = (row: string, column: string): Cell => {
    const here: GridPosition = { ...at, [rows]: row, [columns]: column };
    const found = refused.find(({ at: { model, method } }) => here.model === model && here.method === method);
    const words = found ? `refused: ${found.reason}` : missing;
    return { content: { kind: "words", words }, ...(found && { refused: found }) };
  };
  const columnChunks = chunksOf(valuesIn(entries, columns, all), most);
  return chunksOf(valuesIn(entries, rows, all), most).flatMap((rowKeys) =>
    columnChunks.map((columnKeys): Arrangement => {
      const cells = rowKeys.map((row) => {
        const inRow = entries.filter((entry) => isAt(entry.at, rows, row));
        return columnKeys.map((column) => {
          const entry = inRow.find((one) => isAt(one.at, columns, column));
          return entry ? cellOf(entry) : empty(row, column);
        });
      });
      const plain = (axis: Axis, key: string): Cell => {
        const { source } = entries.find((entry) => isAt(entry.at, axis, key))!;
        return { content: { kind: "picture", source } };
      };
      const shownRows = rowKeys.map(values[rows].shown);
      const shownColumns = columnKeys.map(values[columns].shown);
      if (columns === "image") {
        const pictures = columnKeys.map((key) => plain(columns, key));
        return { rows: [PLAIN, ...shownRows], columns: shownColumns, cells: [pictures, ...cells] };
      }
      return {
        rows: shownRows,
        columns: [PLAIN, ...shownColumns],
        // Repeated in every row, because readers compare a map with its neighbours.
        cells: cells.map((row, i) => [plain(rows, rowKeys[i]!), ...row]),
      };
    }),
  );
}

function cellOf(entry: Entry): Cell {
  const { source, record } = entry;
  if (record.flat !== undefined) return { content: { kind: "words", words: `flat: ${record.flat}` }, entry };
  return { content: { kind: "overlay", source, record }, entry };
}
