/** @file Where a fact of a grid's maps is told: as few times as it can be read. */

import type { Arrangement } from "./arrange.js";
import type { Entry } from "./entries.js";

/** Once where all have the same, else beside rows or columns that have, else below each. */
export interface Told {
  readonly all: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly cells: readonly (readonly string[])[];
}

/**
 * @param textOf undefined for maps of which there is nothing to tell
 * @param keyOf what has to be the same, where that is more than the text
 * @param beside where what it belongs to is named, so that it is told there, if it can be
 */
export function told(
  cells: Arrangement["cells"],
  textOf: (entry: Entry) => string | undefined,
  keyOf: (entry: Entry) => string | undefined = textOf,
  beside?: "rows" | "columns",
): Told {
  const lines = cells.map((row) => row.map((cell) => cell?.entry));
  const columns = lines[0]!.map((_, c) => lines.map((row) => row[c]));
  /** The text of a line of which all have the same; undefined where they have not. */
  const single = (line: readonly (Entry | undefined)[]): string | undefined => {
    const different = new Map(
      line.flatMap((entry): [unknown, string][] => {
        const text = entry && textOf(entry);
        return text === undefined ? [] : [[keyOf(entry!), text]];
      }),
    );
    return different.size <= 1 ? ([...different.values()][0] ?? "") : undefined;
  };
  const nowhere: Told = {
    all: "",
    rows: lines.map(() => ""),
    columns: columns.map(() => ""),
    cells: lines.map((row) => row.map(() => "")),
  };
  const isWhole = (texts: readonly (string | undefined)[]): texts is readonly string[] =>
    texts.every((text) => text !== undefined);
  const all = single(lines.flat());
  const [byRow, byColumn] = [lines.map(single), columns.map(single)];
  if (beside === "columns" && isWhole(byColumn)) return { ...nowhere, columns: byColumn };
  if (beside === undefined && all !== undefined) return { ...nowhere, all };
  if (isWhole(byRow)) return { ...nowhere, rows: byRow };
  if (isWhole(byColumn)) return { ...nowhere, columns: byColumn };
  return { ...nowhere, cells: lines.map((row) => row.map((entry) => (entry && textOf(entry)) ?? "")) };
}
