/** @file Pictures with 16-bit samples: counts the values lost in 8 bits. */

import type { UsedWindow } from "../dicom/options.js";

/** The samples of a 16-bit picture, and their conversion. */
export interface SixteenBits {
  readonly least: number;
  readonly greatest: number;
  /** The number of different values. */
  readonly values: number;
  /** The number of different values left in 8 bits; absent with a window. */
  readonly levels?: number;
  /** The window that mapped samples to 0..1. */
  readonly window?: UsedWindow;
}

export function rangeOf(samples: Uint16Array): Pick<SixteenBits, "least" | "greatest" | "values"> {
  const seen = new Uint8Array(2 ** 16);
  for (const sample of samples) seen[sample] = 1;
  return { least: seen.indexOf(1), greatest: seen.lastIndexOf(1), values: countOf(seen) };
}

/** The number of different values in 8-bit samples. */
export function levelsOf(samples: Uint8Array): number {
  const seen = new Uint8Array(2 ** 8);
  for (const sample of samples) seen[sample] = 1;
  return countOf(seen);
}

const countOf = (seen: Uint8Array): number => seen.reduce((sum, one) => sum + one, 0);
