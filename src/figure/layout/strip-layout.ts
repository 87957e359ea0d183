/** @file Lays out the strip of one map for a paper: its pictures and their labels. Reads no pixels. */

import { lineHeight, type GridLayout, type PlacedColorBar, type PlacedText } from "./grid-layout.js";
import type { Label, Scale } from "./grid-table.js";
import type { Size } from "../../image/picture.js";
import { fitInto, type Rect } from "./rects.js";
import { linesWithEnd, widestLine, widestPiece, type Measure } from "./text-lines.js";

interface StripLayout extends Omit<GridLayout, "cells"> {
  /** One for each label, all of one size. */
  readonly cells: readonly Rect[];
}

/** A picture's label, and the colour scale that stands below it. */
export interface StripLabel extends Label {
  readonly scale?: Pick<Scale, "colormap" | "ends">;
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
/** The size of colour bars, in em; they are no wider than their picture. */
const BAR = { width: 10, height: 0.6, gap: 0.4 } as const;

/** Cells have the pictures' ratio and, within limits, their size. They stand in a row or a column, with labels below. */
export function layoutStrip(picture: Size, labels: readonly StripLabel[], measure: Measure): StripLayout {
  const side = clamp(Math.max(picture.width, picture.height), LONG_SIDE);
  const { width, height } = fitInto({ left: 0, top: 0, width: side, height: side }, picture);
  const across = picture.width > STACKED_FROM * picture.height ? 1 : labels.length;
  const gap = Math.max(4, Math.round(side / 100));
  const px = clamp(Math.round(across * width * TEXT.share), TEXT);
  const words = labels.map(({ text, score = "" }) => widestPiece(`${text} ${score}`, px, measure));
  const column = Math.max(width, Math.min(Math.ceil(Math.max(...words)), MOST_EMS * px));
  const cells: Rect[] = [];
  const texts: PlacedText[] = [];
  const colorBars: PlacedColorBar[] = [];
  let bottom = 0;
  for (const [i, { text, score = "", scale }] of labels.entries()) {
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
    if (scale) {
      const bar = barAt(scale, { left, top: below, width: column, height: lineHeight(px) }, px, measure);
      colorBars.push(bar.colorBar);
      texts.push(...bar.texts);
      below += lineHeight(px);
    }
    bottom = Math.max(bottom, below);
  }
  return { width: gap + across * (column + gap), height: bottom + gap, cells, texts, colorBars };
}

/** A bar between the labels of its ends, in the middle of a line. */
function barAt(
  { colormap, ends }: Pick<Scale, "colormap" | "ends">,
  { left, top, width, height }: Rect,
  px: number,
  measure: Measure,
): { colorBar: PlacedColorBar; texts: PlacedText[] } {
  const gap = Math.round(BAR.gap * px);
  // Equal room on both sides, so that the bar itself is in the middle.
  const room = Math.ceil(widestLine(ends, px, measure)) + gap;
  const at: Rect = {
    width: Math.max(1, Math.min(Math.round(BAR.width * px), width - 2 * room)),
    height: Math.round(BAR.height * px),
    left: 0,
    top: top + Math.round((height - BAR.height * px) / 2),
  };
  const start = left + Math.round((width - at.width) / 2);
  const y = top + Math.round(px * 1.02);
  return {
    colorBar: { at: { ...at, left: start }, colormap },
    texts: [
      { text: ends[0], x: start - gap, y, px, anchor: "end", tone: "strong" },
      { text: ends[1], x: start + at.width + gap, y, px, anchor: "start", tone: "strong" },
    ],
  };
}

const clamp = (value: number, { least, most }: { readonly least: number; readonly most: number }): number =>
  Math.min(Math.max(value, least), most);
