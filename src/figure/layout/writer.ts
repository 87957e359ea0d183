/** @file Writes lines of text at one size, below each other. */

import type { Label } from "./grid-table.js";
import { linesWithEnd, textLines, widestLine, type Measure } from "./text-lines.js";

/** A line of text. `x` is its anchor and `y` its baseline, `px` the size of an em, in pixels. */
export interface PlacedText {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly px: number;
  readonly anchor: "start" | "middle" | "end";
  readonly tone: "strong" | "quiet";
}

/** Writes lines of text on a page, at one size. */
export class Writer {
  /** The height of a line. */
  readonly line: number;

  constructor(
    readonly px: number,
    private readonly measure: Measure,
    private readonly texts: PlacedText[],
  ) {
    this.line = Math.round(px * 1.35);
  }

  lines(text: string, width: number, most: number): string[] {
    return textLines(text, { width, lines: most, px: this.px, measure: this.measure });
  }

  label({ text, score = "" }: Label, width: number, most: number): string[] {
    return linesWithEnd(text, score, { width, lines: most, px: this.px, measure: this.measure });
  }

  width(lines: readonly string[]): number {
    return Math.ceil(widestLine(lines, this.px, this.measure));
  }

  /** Puts lines one below the other from `top` on; returns the end of the last. */
  put(
    lines: readonly string[],
    x: number,
    top: number,
    { anchor = "start", tone = "strong" }: Partial<Pick<PlacedText, "anchor" | "tone">> = {},
  ): number {
    for (const [i, text] of lines.entries()) {
      const y = top + i * this.line + Math.round(this.px * 1.02);
      this.texts.push({ text, x, y, px: this.px, anchor, tone });
    }
    return top + lines.length * this.line;
  }
}

/** The nearest whole number to a value, within limits. */
export const between = (least: number, value: number, most: number): number =>
  Math.round(Math.min(Math.max(value, least), most));
