/** @file Draws one page of a grid. */

import { badArgument } from "../../errors.js";
import type { GridPage } from "../grid/page-text.js";
import type { LazyPicture } from "../grid/sources.js";
import { layoutGrid, type GridLayout } from "../layout/grid-layout.js";
import { partOf } from "../layout/rects.js";
import { FIGURE_FORMATS } from "./draw-figure.js";
import type { Figure } from "./figure.js";
import type { FigureFormatName } from "../layout/formats.js";
import { figureLetters } from "./letters.js";
import { say } from "../../language/say.js";

export interface PageStyle {
  readonly format: FigureFormatName;
  /** Pixels an inch. Default: the format's. */
  readonly dpi?: number | undefined;
  /** The longer side of a cell in inches. Default: by the pictures' sizes, and the number of cells. */
  readonly cell?: number | undefined;
}

/** The most pixels of a page: 400 MB of samples. */
const MOST_PIXELS = 2 ** 27;

/** Loads a picture when its turn comes. */
type Load = (shown: LazyPicture) => ReturnType<LazyPicture["load"]>;

/** The page's file, and its lines of text. @throws GradlensError "bad-argument" for a page that is too large, or an error of `load` */
export async function drawGridPage(
  page: GridPage,
  { format, dpi = FIGURE_FORMATS[format].dpi, cell }: PageStyle,
  load: Load,
): Promise<{ readonly bytes: Uint8Array; readonly texts: readonly string[] }> {
  const layout = layoutGrid(page.table, figureLetters().measure, { dpi, cell: cell && cell * dpi });
  const { width, height, texts } = layout;
  if (width * height > MOST_PIXELS) {
    throw badArgument(
      say`the grid would have ${width}x${height} pixels, more than ${MOST_PIXELS}: use a smaller cell or dpi`,
    );
  }
  const bytes = await FIGURE_FORMATS[format].draw(figureOf(page, layout, dpi, load));
  return { bytes, texts: texts.map(({ text }) => text) };
}

function figureOf({ contents }: GridPage, layout: GridLayout, density: number, load: Load): Figure {
  const { width, height, texts, cells, colorBars } = layout;
  const boxes = cells.flatMap(({ row, column, box, picture }) => {
    if (picture === undefined) return [box];
    const content = contents[row]![column]!;
    return content.kind !== "words" && content.shown.part ? [picture] : [];
  });
  const pictures = cells.flatMap(({ row, column, picture }) => {
    const content = contents[row]![column]!;
    if (picture === undefined || content.kind === "words") return [];
    const { shown } = content;
    return [{ at: shown.part ? partOf(picture, shown.part) : picture, picture: () => load(shown) }];
  });
  return { width, height, texts, boxes, pictures, colorBars, density };
}
