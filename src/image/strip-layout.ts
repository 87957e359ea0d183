/** @file A map for a paper: where its pictures and their labels go, in a row. Knows no pixels. */

import { fitInto, lineHeight, type PlacedText, type Rect } from "./grid-layout.js";
import type { Size } from "./picture.js";
import { textLines, type Measure } from "./text-lines.js";

export interface StripLayout extends Size {
  /** One for each label, all of one size. */
  readonly cells: readonly Rect[];
  readonly texts: readonly PlacedText[];
}

/** Longer sides of cells, in pixels: at 300 to an inch 2 to 9 cm. */
const LONG_SIDE = { least: 256, most: 1024 } as const;
const LEAST_WIDTH = 96;
const MOST_LINES = 2;

/** Cells in the pictures' ratio, as large as they where that is neither tiny nor vast; labels below. */
export function layoutStrip(picture: Size, labels: readonly string[], measure: Measure): StripLayout {
  const long = Math.max(picture.width, picture.height);
  const side = Math.min(Math.max(long, LONG_SIDE.least), LONG_SIDE.most);
  const { width, height } = fitInto({ left: 0, top: 0, width: side, height: side }, picture);
  const gap = Math.max(4, Math.round(side / 100));
  const px = Math.round(Math.min(Math.max(side / 22, 14), 32));
  const column = Math.max(width, LEAST_WIDTH);
  const margin = gap;
  const lines = labels.map((label) => textLines(label, { width: column, lines: MOST_LINES, px, measure }));
  const leftOf = (i: number): number => margin + i * (column + gap);
  const below = margin + height + gap;
  const most = Math.max(...lines.map((one) => one.length));
  return {
    width: leftOf(labels.length) - gap + margin,
    height: below + most * lineHeight(px) + margin,
    cells: labels.map((_, i) => ({
      left: leftOf(i) + Math.floor((column - width) / 2),
      top: margin,
      width,
      height,
    })),
    texts: lines.flatMap((one, i) =>
      one.map((text, l): PlacedText => {
        const y = below + l * lineHeight(px) + Math.round(px * 1.02);
        return { text, x: leftOf(i) + column / 2, y, px, anchor: "middle", tone: "strong" };
      }),
    ),
  };
}
