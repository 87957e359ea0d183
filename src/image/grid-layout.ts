/**
 * @file Where everything of a grid of pictures goes: rectangles and lines of text, from counts, sizes and labels. Knows no
 * pixels, so that a file and a page draw the same.
 */

import type { Size } from "./picture.js";
import { linesWithEnd, textLines, widestLine, type Measure } from "./text-lines.js";

/** What one cell shows: a picture of a size, or words where there is none. */
export interface GridCell {
  readonly picture?: Size;
  /** The picture as it is, beside its maps: it takes the size that they have. */
  readonly plain?: true;
  readonly words?: string;
  readonly caption?: Label;
}

/** Words with a score; of what is too long the words are cut, never the score. */
export interface Label {
  readonly text: string;
  readonly score?: string;
}

export interface GridTable {
  /** What all cells have in common: the heading, and lines of smaller print. */
  readonly title: string;
  readonly notes: readonly string[];
  /** Headings; all empty: there are none. */
  readonly rows: readonly Label[];
  readonly columns: readonly Label[];
  /** By row and column; undefined stays blank. */
  readonly cells: readonly (readonly (GridCell | undefined)[])[];
  /** What the two ends of the colour bar stand for, and what it means. */
  readonly ends: readonly [string, string];
  readonly legend: string;
}

export interface Rect extends Size {
  readonly left: number;
  readonly top: number;
}

/** A line of text. `x` is where it is anchored, `y` its baseline; in pixels. */
export interface PlacedText {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly px: number;
  readonly anchor: "start" | "middle" | "end";
  readonly tone: "strong" | "quiet";
}

export interface PlacedCell {
  readonly row: number;
  readonly column: number;
  readonly box: Rect;
  /** Where its picture goes, in the picture's ratio; absent where there are words. */
  readonly picture?: Rect;
}

export interface GridLayout extends Size {
  readonly cells: readonly PlacedCell[];
  readonly texts: readonly PlacedText[];
  readonly colorBar: Rect;
}

/** The longest side of a page, in pixels. */
export const MAX_SIDE = 4000;
/** The most rows and columns of a page, at which its cells are still readable. */
export const MAX_CELLS_A_SIDE = 20;

/** Longer sides of cells: small pictures are enlarged to the least, and large ones reduced to the most. */
const CELL = { least: 200, most: 480 } as const;
/** A page of many cells has smaller ones, so that it is not much wider or higher than this. */
const USUAL_SIDE = 2400;
const SMALL_CELL = 160;
/** The least width and height of a box, for its words. */
const LEAST_BOX: Size = { width: 96, height: 72 };
/** Boxes of pictures that are wider or higher than this are squarer than they. */
const MOST_RATIO = 4;

const MARGIN = 20;
const GAP = 8;
const LEAST_WIDTH = 480;
const COLOR_BAR: Size = { width: 160, height: 10 };
const LINES = { title: 3, note: 3, row: 4, column: 4, caption: 3, legend: 3 } as const;
const MOST_ROW_HEADING = 240;

/** Lays a table out on a page of at most MAX_SIDE pixels a side. It has at least one cell, at most MAX_CELLS_A_SIDE a side. */
export function layoutGrid(table: GridTable, measure: Measure): GridLayout {
  for (let long = longSide(table); ; long = Math.floor(long * 0.92)) {
    const layout = layoutAt(table, boxOf(table, long), measure);
    if (Math.max(layout.width, layout.height) <= MAX_SIDE || long < LEAST_BOX.height) return layout;
  }
}

/** The whole picture in a box: in its ratio, in the middle; enlarged by whole numbers, so that its pixels stay squares. */
export function fitInto({ left, top, width, height }: Rect, picture: Size): Rect {
  const ratio = Math.min(width / picture.width, height / picture.height);
  const scale = ratio >= 1 ? Math.floor(ratio) : ratio;
  const w = Math.max(1, Math.round(picture.width * scale));
  const h = Math.max(1, Math.round(picture.height * scale));
  return {
    left: left + Math.floor((width - w) / 2),
    top: top + Math.floor((height - h) / 2),
    width: w,
    height: h,
  };
}

function picturesOf({ cells }: GridTable): Size[] {
  return cells.flatMap((row) => row.flatMap((cell) => cell?.picture ?? []));
}

/** Those that decide how large cells are: all but plain ones, unless there are no others. */
function leadingPictures(table: GridTable): Size[] {
  const maps = table.cells.flatMap((row) =>
    row.flatMap((cell) => (cell?.plain ? [] : (cell?.picture ?? []))),
  );
  return maps.length > 0 ? maps : picturesOf(table);
}

/** Width over height of the boxes: what the pictures have in common, or their mean. */
function boxRatio(table: GridTable): number {
  const logs = picturesOf(table).map(({ width, height }) => Math.log(width / height));
  const mean = logs.reduce((sum, log) => sum + log, 0) / Math.max(logs.length, 1);
  return Math.min(Math.max(Math.exp(mean), 1 / MOST_RATIO), MOST_RATIO);
}

/** A box with this longer side. */
function boxOf(table: GridTable, long: number): Size {
  const ratio = boxRatio(table);
  const width = Math.round(Math.min(long, long * ratio));
  const height = Math.round(Math.min(long, long / ratio));
  return { width: Math.max(width, LEAST_BOX.width), height: Math.max(height, LEAST_BOX.height) };
}

/** The longer side of cells in which the largest picture keeps its size, as far as the number of cells allows. */
function longSide(table: GridTable): number {
  const ratio = boxRatio(table);
  const [unitWidth, unitHeight] = [Math.min(1, ratio), Math.min(1, 1 / ratio)];
  const natural = Math.max(
    0,
    ...leadingPictures(table).map(({ width, height }) => Math.max(width / unitWidth, height / unitHeight)),
  );
  const columns = table.columns.length;
  const rows = table.rows.length;
  const usual = USUAL_SIDE / Math.max(columns * unitWidth, rows * unitHeight);
  const most = Math.min(CELL.most, Math.max(usual, SMALL_CELL));
  return Math.round(Math.min(Math.max(natural, CELL.least), most));
}

/** Lines of text on a page, at one usual size. */
class Writer {
  readonly texts: PlacedText[] = [];
  readonly line: number;

  constructor(
    readonly px: number,
    private readonly measure: Measure,
  ) {
    this.line = lineHeight(px);
  }

  lines(text: string, width: number, most: number, px = this.px): string[] {
    return textLines(text, { width, lines: most, px, measure: this.measure });
  }

  label({ text, score = "" }: Label, width: number, most: number): string[] {
    return linesWithEnd(text, score, { width, lines: most, px: this.px, measure: this.measure });
  }

  width(lines: readonly string[]): number {
    return Math.ceil(widestLine(lines, this.px, this.measure));
  }

  /** Puts lines one below the other from `top` on; gives where they end. */
  put(
    lines: readonly string[],
    x: number,
    top: number,
    { px = this.px, anchor = "start", tone = "strong" }: Partial<Omit<PlacedText, "text" | "x" | "y">> = {},
  ): number {
    for (const [i, text] of lines.entries()) {
      const y = top + i * lineHeight(px) + Math.round(px * 1.02);
      this.texts.push({ text, x, y, px, anchor, tone });
    }
    return top + lines.length * lineHeight(px);
  }
}

/** From line to line, of text of `px` pixels. */
export const lineHeight = (px: number): number => Math.round(px * 1.35);

function layoutAt(table: GridTable, box: Size, measure: Measure): GridLayout {
  const writer = new Writer(Math.round(Math.min(Math.max(box.width / 15, 12), 18)), measure);
  const headingWidth = Math.min(Math.max(box.width, 120), MOST_ROW_HEADING);
  const highest = table.cells.map((row) => rowHeight(row, box));
  const rowLines = table.rows.map((label, row) =>
    writer.label(label, headingWidth, Math.max(Math.floor(highest[row]! / writer.line), LINES.row)),
  );
  const rowHeights = highest.map((height, row) => Math.max(height, rowLines[row]!.length * writer.line));
  const rowWidth = writer.width(rowLines.flat());
  const gridLeft = MARGIN + (rowWidth > 0 ? rowWidth + GAP : 0);
  const gridWidth = table.columns.length * (box.width + GAP) - GAP;
  const width = Math.max(gridLeft + gridWidth + MARGIN, LEAST_WIDTH);
  const leftOf = (column: number): number => gridLeft + column * (box.width + GAP);
  const middleOf = (column: number): number => leftOf(column) + box.width / 2;

  let y = putHead(table, width, writer) + GAP;
  const columnLines = table.columns.map((label) => writer.label(label, box.width, LINES.column));
  const columnHeight = Math.max(...columnLines.map((lines) => lines.length)) * writer.line;
  for (const [column, lines] of columnLines.entries()) {
    writer.put(lines, middleOf(column), y + columnHeight - lines.length * writer.line, { anchor: "middle" });
  }
  y += columnHeight > 0 ? columnHeight + GAP / 2 : 0;

  const cells: PlacedCell[] = [];
  for (const [row, heading] of rowLines.entries()) {
    const height = rowHeights[row]!;
    const centred = (lines: readonly string[]): number =>
      y + Math.floor((height - lines.length * writer.line) / 2);
    writer.put(heading, gridLeft - GAP, centred(heading), { anchor: "end" });
    let below = 0;
    for (const [column, cell] of table.cells[row]!.entries()) {
      if (cell === undefined) continue;
      const place: Rect = { left: leftOf(column), top: y, width: box.width, height };
      const picture = cell.picture && fitInto(place, cell.picture);
      cells.push({ row, column, box: place, ...(picture && { picture }) });
      if (picture === undefined) {
        const words = writer.lines(cell.words ?? "", box.width - 2 * GAP, Math.floor(height / writer.line));
        writer.put(words, middleOf(column), centred(words), { anchor: "middle", tone: "quiet" });
      }
      const caption = cell.caption ? writer.label(cell.caption, box.width, LINES.caption) : [];
      writer.put(caption, middleOf(column), y + height + GAP / 4, { anchor: "middle" });
      below = Math.max(below, caption.length * writer.line + GAP);
    }
    y += height + (below > GAP ? below : 0) + GAP;
  }
  const { colorBar, bottom } = putColorBar(table, width, y, writer);
  return { width, height: bottom + MARGIN, cells, texts: writer.texts, colorBar };
}

/** As high as its highest picture; words get half a box at least. */
function rowHeight(row: readonly (GridCell | undefined)[], box: Size): number {
  const whole: Rect = { left: 0, top: 0, ...box };
  const heights = row.map((cell) => {
    if (cell === undefined) return 0;
    if (cell.picture) return fitInto(whole, cell.picture).height;
    return Math.max(LEAST_BOX.height, Math.round(box.height / 2));
  });
  return Math.max(1, ...heights);
}

/** Title and notes; gives where they end. */
function putHead({ title, notes }: GridTable, width: number, writer: Writer): number {
  const inner = width - 2 * MARGIN;
  const px = writer.px + 4;
  const below = writer.put(writer.lines(title, inner, LINES.title, px), MARGIN, MARGIN, { px });
  return notes.reduce(
    (y, note) => writer.put(writer.lines(note, inner, LINES.note), MARGIN, y, { tone: "quiet" }),
    below,
  );
}

/** The bar between its ends, and what it means beside it, or below where there is no room. */
function putColorBar(
  { ends, legend }: GridTable,
  pageWidth: number,
  y: number,
  writer: Writer,
): { colorBar: Rect; bottom: number } {
  const { width, height } = COLOR_BAR;
  const [first, last] = ends;
  const left = MARGIN + writer.width([first]) + 6;
  const top = y + Math.round((writer.line - height) / 2);
  writer.put([first], MARGIN, y);
  writer.put([last], left + width + 6, y);
  const used = left + width + 6 + writer.width([last]) + 2 * GAP;
  const beside = pageWidth - MARGIN - used;
  const bottom =
    beside >= 200
      ? writer.put(writer.lines(legend, beside, LINES.legend), used, y, { tone: "quiet" })
      : writer.put(writer.lines(legend, pageWidth - 2 * MARGIN, LINES.legend), MARGIN, y + writer.line, {
          tone: "quiet",
        });
  return { colorBar: { left, top, width, height }, bottom };
}
