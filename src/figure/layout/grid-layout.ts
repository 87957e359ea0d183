/**
 * @file Lays out a grid of pictures: rectangles and lines of text, from counts, sizes and labels. Reads no pixels, so that a
 * file and a page draw the same.
 */

import type { ColormapName } from "../../image/colormaps.js";
import type { Size } from "../../image/picture.js";
import { boxOf, LEAST_BOX, longSide, readableBox } from "./cell-size.js";
import type { GridCell, GridTable } from "./grid-table.js";
import { CSS_DPI } from "./lengths.js";
import { fitInto, scaledRect, type Rect } from "./rects.js";
import type { Measure } from "./text-lines.js";
import { between, Writer, type PlacedText } from "./writer.js";

export interface PlacedCell {
  readonly row: number;
  readonly column: number;
  readonly box: Rect;
  /** The rectangle of its picture, in the picture's ratio; absent for words. */
  readonly picture?: Rect;
}

export interface PlacedColorBar {
  readonly at: Rect;
  readonly colormap: ColormapName;
}

export interface GridLayout extends Size {
  readonly cells: readonly PlacedCell[];
  readonly texts: readonly PlacedText[];
  readonly colorBars: readonly PlacedColorBar[];
}

/** The longest side of a page of cells of any size. */
export const MAX_SIDE = 4000;
/** The most rows and columns of a page with readable cells. */
export const MAX_CELLS_A_SIDE = 20;

const MARGIN = 20;
const GAP = 8;
const LEAST_WIDTH = 480;
const COLOR_BAR: Size = { width: 160, height: 10 };
const LINES = { title: 3, note: 3, row: 4, column: 4, caption: 3, legend: 3, foot: 3 } as const;
/** Width of the headings of rows, in em. */
const ROW_HEADING = { least: 8, most: 14 } as const;

export interface GridSizes {
  /** Pixels an inch. Default: 96. */
  readonly dpi?: number | undefined;
  /** The longer side of a cell in pixels, which pictures fill. Default: by the pictures' sizes, and the number of cells. */
  readonly cell?: number | undefined;
}

/** Lays out a table of 1 to MAX_CELLS_A_SIDE rows and columns. Without `cell` a side has at most MAX_SIDE · dpi / 96 pixels. */
export function layoutGrid(table: GridTable, measure: Measure, { dpi, cell }: GridSizes = {}): GridLayout {
  const unit = (dpi ?? CSS_DPI) / CSS_DPI;
  // At the resolution of paper the pixels of a picture need not be whole ones of the figure.
  const fill = cell !== undefined || unit > 1;
  const fitted = (picture: Size, place: Rect): Rect => fitInto(place, picture, { unit, fill });
  if (cell !== undefined) {
    const { width, height } = boxOf(table, cell);
    return scaled(layoutAt(table, { width: width / unit, height: height / unit }, measure, fitted), unit);
  }
  for (let long = longSide(table, unit); ; long = Math.floor(long * 0.92)) {
    const layout = layoutAt(table, readableBox(table, long), measure, fitted);
    const isSmall = Math.max(layout.width, layout.height) <= MAX_SIDE;
    if (isSmall || long < LEAST_BOX.height) return scaled(layout, unit);
  }
}

/** How a picture lies in its place. */
type Fitted = (picture: Size, place: Rect) => Rect;

function scaled({ width, height, cells, texts, colorBars }: GridLayout, unit: number): GridLayout {
  return {
    width: Math.round(width * unit),
    height: Math.round(height * unit),
    cells: cells.map(({ picture, box, ...place }) => ({
      ...place,
      box: scaledRect(box, unit),
      ...(picture && { picture: scaledRect(picture, unit) }),
    })),
    texts: texts.map((text) => ({ ...text, x: text.x * unit, y: text.y * unit, px: text.px * unit })),
    colorBars: colorBars.map(({ at, colormap }) => ({ at: scaledRect(at, unit), colormap })),
  };
}

type WriterOf = (px: number) => Writer;

/** The measures of a table whose pictures lie in boxes of one size. */
interface Frame {
  readonly table: GridTable;
  readonly box: Size;
  /** Writes headings and captions. */
  readonly headings: Writer;
  /** Writes the words in cells. */
  readonly inCells: Writer;
  readonly rowLines: readonly (readonly string[])[];
  readonly rowHeights: readonly number[];
  /** The left edge of the first column. */
  readonly left: number;
  /** The width of the page. */
  readonly width: number;
  readonly fitted: Fitted;
}

function frameOf(table: GridTable, box: Size, writerOf: WriterOf, fitted: Fitted): Frame {
  const gridWidth = table.columns.length * (box.width + GAP) - GAP;
  // Large pages are viewed reduced, so their text grows with their width.
  const most = between(18, gridWidth / 100, 24);
  const headings = writerOf(between(12, box.width / 11, most));
  const inCells = writerOf(between(12, box.width / 15, most));
  const em = headings.px;
  const headingWidth = Math.min(Math.max(box.width, ROW_HEADING.least * em), ROW_HEADING.most * em);
  const highest = table.cells.map((row) => rowHeight(row, box, fitted));
  const rowLines = table.rows.map((label, row) =>
    headings.label(label, headingWidth, Math.max(Math.floor(highest[row]! / headings.line), LINES.row)),
  );
  const rowHeights = highest.map((height, row) => Math.max(height, rowLines[row]!.length * headings.line));
  const rowWidth = headings.width(rowLines.flat());
  const left = MARGIN + (rowWidth > 0 ? rowWidth + GAP : 0);
  const width = Math.max(left + gridWidth + MARGIN, LEAST_WIDTH);
  return { table, box, headings, inCells, rowLines, rowHeights, left, width, fitted };
}

const leftOf = ({ left, box }: Frame, column: number): number => left + column * (box.width + GAP);
const middleOf = (frame: Frame, column: number): number => leftOf(frame, column) + frame.box.width / 2;

function layoutAt(table: GridTable, box: Size, measure: Measure, fitted: Fitted): GridLayout {
  const texts: PlacedText[] = [];
  const writerOf = (px: number): Writer => new Writer(px, measure, texts);
  const frame = frameOf(table, box, writerOf, fitted);
  const { width } = frame;
  const px = between(14, width / 100, 24);
  const around = writerOf(px);
  const inner = width - 2 * MARGIN;
  const putAround = (lines: readonly string[], most: number, top: number): number =>
    lines.reduce((y, text) => around.put(around.lines(text, inner, most), MARGIN, y, { tone: "quiet" }), top);
  const titles = writerOf(px + 4);
  const titled = titles.put(titles.lines(table.title, inner, LINES.title), MARGIN, MARGIN);
  const noted = putAround(table.notes, LINES.note, titled);
  const gridTop = putColumnHeadings(frame, noted > MARGIN ? noted + GAP : MARGIN);
  const { cells, bottom: gridEnd } = putRows(frame, gridTop);
  const { colorBars, bottom } = putScales(table, width, gridEnd, around);
  const end = putAround(table.foot, LINES.foot, bottom);
  return { width, height: end + MARGIN, cells, texts, colorBars };
}

/** Puts the headings of columns from `y` on, aligned at their bottom; returns the top of the first row. */
function putColumnHeadings(frame: Frame, y: number): number {
  const { table, box, headings } = frame;
  const columnLines = table.columns.map((label) => headings.label(label, box.width, LINES.column));
  const height = Math.max(...columnLines.map((lines) => lines.length)) * headings.line;
  for (const [column, lines] of columnLines.entries()) {
    const top = y + height - lines.length * headings.line;
    headings.put(lines, middleOf(frame, column), top, { anchor: "middle" });
  }
  return y + (height > 0 ? height + GAP / 2 : 0);
}

/** Puts the rows from `y` on: headings, cells and captions. */
function putRows(frame: Frame, y: number): { cells: PlacedCell[]; bottom: number } {
  const { table, box, headings, inCells, rowLines } = frame;
  const cells: PlacedCell[] = [];
  let top = y;
  for (const [row, heading] of rowLines.entries()) {
    const height = frame.rowHeights[row]!;
    const centred = (lines: readonly string[], { line }: Writer): number =>
      top + Math.floor((height - lines.length * line) / 2);
    headings.put(heading, frame.left - GAP, centred(heading, headings), { anchor: "end" });
    let below = 0;
    for (const [column, cell] of table.cells[row]!.entries()) {
      if (cell === undefined) continue;
      const middle = middleOf(frame, column);
      const place: Rect = { left: leftOf(frame, column), top, width: box.width, height };
      const picture = cell.picture && frame.fitted(cell.picture, place);
      cells.push({ row, column, box: place, ...(picture && { picture }) });
      if (picture === undefined) {
        const lines = Math.floor(height / inCells.line);
        const words = inCells.lines(cell.words ?? "", box.width - 2 * GAP, lines);
        inCells.put(words, middle, centred(words, inCells), { anchor: "middle", tone: "quiet" });
      }
      const caption = cell.caption ? headings.label(cell.caption, box.width, LINES.caption) : [];
      headings.put(caption, middle, top + height + GAP / 4, { anchor: "middle" });
      below = Math.max(below, caption.length * headings.line + GAP);
    }
    top += height + (below > GAP ? below : 0) + GAP;
  }
  return { cells, bottom: top };
}

/** The height of its highest picture; words get at least half a box. */
function rowHeight(row: readonly (GridCell | undefined)[], box: Size, fitted: Fitted): number {
  const whole: Rect = { left: 0, top: 0, ...box };
  const heights = row.map((cell) => {
    if (cell === undefined) return 0;
    if (cell.picture) return fitted(cell.picture, whole).height;
    return Math.max(Math.min(LEAST_BOX.height, box.height), Math.round(box.height / 2));
  });
  return Math.max(1, ...heights);
}

/** Puts each bar between the labels of its ends, with its meaning beside it, or below it if the page is narrow. */
function putScales(
  { scales }: GridTable,
  pageWidth: number,
  y: number,
  writer: Writer,
): { colorBars: PlacedColorBar[]; bottom: number } {
  const { width, height } = COLOR_BAR;
  const widthOf = (end: 0 | 1): number => writer.width(scales.map(({ ends }) => ends[end]));
  const left = MARGIN + widthOf(0) + 6;
  const right = left + width + 6;
  const used = right + widthOf(1) + 2 * GAP;
  const beside = pageWidth - MARGIN - used;
  const inner = pageWidth - 2 * MARGIN;
  let bottom = y;
  const colorBars = scales.map(({ colormap, ends, legend }): PlacedColorBar => {
    const at = { left, top: bottom + Math.round((writer.line - height) / 2), width, height };
    writer.put([ends[0]], left - 6, bottom, { anchor: "end" });
    writer.put([ends[1]], right, bottom);
    const [x, top, room] = beside >= 200 ? [used, bottom, beside] : [MARGIN, bottom + writer.line, inner];
    bottom = writer.put(writer.lines(legend, room, LINES.legend), x, top, { tone: "quiet" });
    return { at, colormap };
  });
  return { colorBars, bottom };
}
