/** @file Decides where a grid prints a fact (label, score, layer): once if all maps share it, else by row, column or map. */

import type { Arrangement } from "./arrange.js";
import type { Entry } from "./entries.js";

/** The texts in each position; empty if they are printed elsewhere. */
export interface PlacedFact {
  readonly all: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly cells: readonly (readonly string[])[];
}

/**
 * @param textOf undefined for maps without the fact
 * @param keyOf decides which facts are equal; by default their text
 * @param beside the headings that name the fact's target: it is printed there if it is constant along them
 */
export function placeFact(
  cells: Arrangement["cells"],
  textOf: (entry: Entry) => string | undefined,
  keyOf: (entry: Entry) => string | undefined = textOf,
  beside?: "rows" | "columns",
): PlacedFact {
  const lines = cells.map((row) => row.map((cell) => cell?.entry));
  const columns = lines[0]!.map((_, c) => lines.map((row) => row[c]));
  /** The text that all maps of a line share; undefined if they differ. */
  const single = (line: readonly (Entry | undefined)[]): string | undefined => {
    const different = new Map(
      line.flatMap((entry): [unknown, string][] => {
        const text = entry && textOf(entry);
        return text === undefined ? [] : [[keyOf(entry!), text]];
      }),
    );
    return different.size <= 1 ? ([...different.values()][0] ?? "") : undefined;
  };
  const nowhere: PlacedFact = {
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
