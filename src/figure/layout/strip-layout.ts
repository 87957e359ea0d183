/** @file Lays out the strip of one map for a paper: its pictures and their labels. Reads no pixels. */

import type { GridLayout, PlacedColorBar } from "./grid-layout.js";
import type { Label, ColorScale } from "./grid-table.js";
import type { Size } from "../../image/picture.js";
import { fitInto, type Rect } from "./rects.js";
import { widestPiece, type Measure } from "./text-lines.js";
import { between, Writer, type PlacedText } from "./writer.js";

interface StripLayout extends Omit<GridLayout, "cells"> {
  /** One for each label, all of one size. */
  readonly cells: readonly Rect[];
}

/** A picture's label, and the colour scale that stands below it. */
export interface StripLabel extends Label {
  readonly scale?: Pick<ColorScale, "colormap" | "ends">;
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
  const side = between(LONG_SIDE.least, Math.max(picture.width, picture.height), LONG_SIDE.most);
  const { width, height } = fitInto({ left: 0, top: 0, width: side, height: side }, picture);
  const across = picture.width > STACKED_FROM * picture.height ? 1 : labels.length;
  const gap = Math.max(4, Math.round(side / 100));
  const px = between(TEXT.least, across * width * TEXT.share, TEXT.most);
  const words = labels.map(({ text, score = "" }) => widestPiece(`${text} ${score}`, px, measure));
  const column = Math.max(width, Math.min(Math.ceil(Math.max(...words)), MOST_EMS * px));
  const cells: Rect[] = [];
  const texts: PlacedText[] = [];
  const colorBars: PlacedColorBar[] = [];
  const writer = new Writer(px, measure, texts);
  let bottom = 0;
  for (const [i, label] of labels.entries()) {
    const left = gap + (i % across) * (column + gap);
    const top = (i < across ? 0 : bottom) + gap;
    cells.push({ left: left + Math.floor((column - width) / 2), top, width, height });
    const lines = writer.label(label, column, MOST_LINES);
    let below = writer.put(lines, left + column / 2, top + height + gap, { anchor: "middle" });
    if (label.scale) {
      colorBars.push(putScale(label.scale, { left, top: below, width: column, height: writer.line }, writer));
      below += writer.line;
    }
    bottom = Math.max(bottom, below);
  }
  return { width: gap + across * (column + gap), height: bottom + gap, cells, texts, colorBars };
}

/** Puts a bar between the labels of its ends, in the middle of a line. */
function putScale(
  { colormap, ends }: Pick<ColorScale, "colormap" | "ends">,
  line: Rect,
  writer: Writer,
): PlacedColorBar {
  const { px } = writer;
  const gap = Math.round(BAR.gap * px);
  // Equal room on both sides, so that the bar itself is in the middle.
  const room = writer.width(ends) + gap;
  const width = Math.max(1, Math.min(Math.round(BAR.width * px), line.width - 2 * room));
  const left = line.left + Math.round((line.width - width) / 2);
  const top = line.top + Math.round((line.height - BAR.height * px) / 2);
  writer.put([ends[0]], left - gap, line.top, { anchor: "end" });
  writer.put([ends[1]], left + width + gap, line.top);
  return { at: { left, top, width, height: Math.round(BAR.height * px) }, colormap };
}
