/** @file The names of the formats of figures. */

export const FIGURE_FORMAT_NAMES = ["png", "svg", "pdf"] as const;
export type FigureFormatName = (typeof FIGURE_FORMAT_NAMES)[number];
