/** @file The options of a grid, read and checked. */

import { badArgument } from "../../errors.js";
import type { PageStyle } from "../../figure/drawing/draw-grid-page.js";
import type { GridSpec } from "../../figure/grid/axes.js";
import type { PageText } from "../../figure/grid/page-text.js";
import { parseLength } from "../../figure/layout/lengths.js";
import { typedName, type OptionName, type OptionValues } from "../../options/table.js";
import { readHeadings } from "./heading-file.js";
import { parseGrid } from "./parse-grid.js";
import { say } from "../../language/say.js";

export interface GridSettings extends PageStyle, PageText {
  readonly spec: GridSpec;
}

/** The options that only a grid reads. */
const OF_GRID = ["gridFormat", "dpi", "cell", "title", "headings"] as const satisfies readonly OptionName[];

/**
 * The settings of `--grid`; undefined without it. `onNote` is called with what the user should know.
 * @throws GradlensError "bad-argument", "bad-file"
 */
export async function readGridSettings(
  typed: OptionValues,
  cwd: string,
  onNote: (note: string) => void,
): Promise<GridSettings | undefined> {
  const { grid, gridFormat = "png", dpi, cell, title, headings = [] } = typed;
  if (grid === undefined) {
    const useless = OF_GRID.find((name) => typed[name] !== undefined);
    if (useless === undefined) return undefined;
    throw badArgument(say`${typedName(useless)} is for a grid: add --grid`);
  }
  return {
    spec: parseGrid(grid),
    format: gridFormat,
    dpi,
    cell: cell === undefined ? undefined : parseLength(cell, `--cell "${cell}"`),
    headings: await readHeadings(headings, cwd, onNote),
    title: title === "none" ? null : title,
  };
}
