/** @file The formats in which figures of pictures, boxes and text are drawn. */

import type { Figure } from "./figure.js";
import { drawPng, isOurPng } from "./draw-png.js";
import { drawSvg, isOurSvg } from "./draw-svg.js";
import type { FigureFormatName } from "../layout/formats.js";
import { drawPdf, isOurPdf } from "./pdf/draw-pdf.js";

interface FigureFormat {
  readonly suffix: string;
  /** Pixels an inch, unless others are requested. */
  readonly dpi: number;
  readonly draw: (figure: Figure) => Promise<Uint8Array>;
  /** True for the bytes of a figure of gradlens in this format. */
  readonly isOurs: (bytes: Uint8Array) => boolean | Promise<boolean>;
}

export const FIGURE_FORMATS = {
  png: { suffix: ".png", dpi: 96, draw: drawPng, isOurs: isOurPng },
  svg: { suffix: ".svg", dpi: 300, draw: drawSvg, isOurs: isOurSvg },
  pdf: { suffix: ".pdf", dpi: 300, draw: drawPdf, isOurs: isOurPdf },
} as const satisfies Record<FigureFormatName, FigureFormat>;
