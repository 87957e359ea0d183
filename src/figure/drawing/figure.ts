/** @file What a figure shows, the same for all formats. All lengths are in its pixels, `density` of which are an inch. */

import type { Picture, Size } from "../../image/picture.js";
import type { PlacedColorBar } from "../layout/grid-layout.js";
import type { Rect } from "../layout/rects.js";
import type { PlacedText } from "../layout/writer.js";

export interface Figure extends Size {
  /** Loaded one after the other, because pictures may be huge. */
  readonly pictures: readonly { readonly at: Rect; readonly picture: () => Picture | Promise<Picture> }[];
  /** Empty boxes in place of pictures, or around them. */
  readonly boxes: readonly Rect[];
  readonly texts: readonly PlacedText[];
  readonly colorBars: readonly PlacedColorBar[];
  /** Pixels an inch. */
  readonly density: number;
}

/** The ground of boxes. */
export const BOX = [0xf0, 0xf1, 0xf3] as const;

export const TONES: Record<PlacedText["tone"], readonly [red: number, green: number, blue: number]> = {
  strong: [0x1b, 0x1f, 0x24],
  quiet: [0x57, 0x60, 0x6a],
};

/** As in SVG: #1b1f24. */
export const hex = (rgb: readonly number[]): string =>
  `#${rgb.map((value) => value.toString(16).padStart(2, "0")).join("")}`;

/** The share of a line's width that lies before its anchor. */
export const BEFORE: Record<PlacedText["anchor"], number> = { start: 0, middle: 0.5, end: 1 };

/** In every figure, so that a later run knows which files it may replace. */
export const MADE_BY = "gradlens";
