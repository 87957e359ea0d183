/** @file Lays out the strip of one map for a paper: its pictures and their labels. Reads no pixels. */

import { fitInto, lineHeight, type PlacedText, type Rect } from "./grid-layout.js";
import type { Label } from "./grid-table.js";
import type { Size } from "../../image/picture.js";
import { linesWithEnd, widestPiece, type Measure } from "./text-lines.js";

export interface StripLayout extends Size {
  /** One for each label, all of one size. */
  readonly cells: readonly Rect[];
  readonly texts: readonly PlacedText[];
}

/** The range of a cell's longer side in pixels: 2 to 9 cm at 300 dpi. */
const LONG_SIDE = { least: 256, most: 1024 } as const;
/** Pictures with a higher ratio of width to height are stacked: a row of them would be too thin. */
const STACKED_FROM = 2.5;
/** Letter size: 8 points on a page 7 inches wide, within limits. */
const TEXT = { share: 1 / 64, least: 14, most: 64 } as const;
/** Columns are as wide as their longest word, up to this many em. */
const MOST_EMS = 16;
const MOST_LINES = 3;

/** Cells have the pictures' ratio and, within limits, their size. They stand in a row or a column, with labels below. */
export function layoutStrip(picture: Size, labels: readonly Label[], measure: Measure): StripLayout {
  const side = clamp(Math.max(picture.width, picture.height), LONG_SIDE);
  const { width, height } = fitInto({ left: 0, top: 0, width: side, height: side }, picture);
  const across = picture.width > STACKED_FROM * picture.height ? 1 : labels.length;
  const gap = Math.max(4, Math.round(side / 100));
  const px = clamp(Math.round(across * width * TEXT.share), TEXT);
  const words = labels.map(({ text, score = "" }) => widestPiece(`${text} ${score}`, px, measure));
  const column = Math.max(width, Math.min(Math.ceil(Math.max(...words)), MOST_EMS * px));
  const cells: Rect[] = [];
  const texts: PlacedText[] = [];
  let bottom = 0;
  for (const [i, { text, score = "" }] of labels.entries()) {
    const left = gap + (i % across) * (column + gap);
    const top = (i < across ? 0 : bottom) + gap;
    cells.push({ left: left + Math.floor((column - width) / 2), top, width, height });
    const lines = linesWithEnd(text, score, { width: column, lines: MOST_LINES, px, measure });
    let below = top + height + gap;
    for (const line of lines) {
      const y = below + Math.round(px * 1.02);
      texts.push({ text: line, x: left + column / 2, y, px, anchor: "middle", tone: "strong" });
      below += lineHeight(px);
    }
    bottom = Math.max(bottom, below);
  }
  return { width: gap + across * (column + gap), height: bottom + gap, cells, texts };
}

const clamp = (value: number, { least, most }: { readonly least: number; readonly most: number }): number =>
  Math.min(Math.max(value, least), most);
