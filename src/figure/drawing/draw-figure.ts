/** @file The formats in which figures of pictures, boxes and text are drawn. */

import { drawPng, isOurPng } from "./draw-png.js";
import { drawSvg, isOurSvg } from "./draw-svg.js";
import type { FigureFormatName } from "../layout/formats.js";
import { drawPdf, isOurPdf } from "./pdf/draw-pdf.js";

/** `dpi`: pixels an inch, unless others are requested; `isOurs`: true for the bytes of a figure of gradlens. */
export const FIGURE_FORMATS = {
  png: { suffix: ".png", dpi: 96, draw: drawPng, isOurs: isOurPng },
  svg: { suffix: ".svg", dpi: 300, draw: drawSvg, isOurs: isOurSvg },
  pdf: { suffix: ".pdf", dpi: 300, draw: drawPdf, isOurs: isOurPdf },
} as const satisfies Record<FigureFormatName, unknown>;
