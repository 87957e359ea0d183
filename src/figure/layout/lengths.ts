/** @file Lengths as users type them. */

import { badArgument } from "../../errors.js";
import { say } from "../../language/say.js";

/** Layouts are in CSS pixels. A figure of `dpi` has dpi / 96 of its own pixels for each. */
export const CSS_DPI = 96;

/** The range of a figure's pixels an inch. */
export const DPI = { min: 36, max: 1200 } as const;

/** Inches of each unit; of a bare number as of px. */
const INCHES = { in: 1, cm: 1 / 2.54, mm: 1 / 25.4, pt: 1 / 72, px: 1 / CSS_DPI } as const;

/** The range of a cell's longer side, in inches: from a thumbnail to a poster. */
const RANGE = { least: 0.5, most: 40 } as const;

/**
 * A length in inches: "4cm", "1.5in", "40mm", "120pt", "240px" or "240"; a pixel is 1/96 inch, as in CSS.
 * @throws GradlensError "bad-argument" for any other text, or a length outside 0.5 to 40 inches
 */
export function parseLength(text: string, shown: string): number {
  const [, value, unit = "px"] = /^\s*(\d+(?:\.\d+)?|\.\d+)\s*([a-z]+)?\s*$/i.exec(text) ?? [];
  const inches = Number(value) * (INCHES[unit.toLowerCase() as keyof typeof INCHES] ?? NaN);
  if (inches >= RANGE.least && inches <= RANGE.most) return inches;
  throw badArgument(
    say`${shown}: give a length from ${RANGE.least}in to ${RANGE.most}in, as 4cm, 40mm, 1.5in, 120pt or 240px`,
  );
}
