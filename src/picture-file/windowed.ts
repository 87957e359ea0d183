/** @file Applies a window to 16-bit samples. */

import type { Window } from "../dicom/options.js";
import { requestedWindow } from "../dicom/window.js";
import { rangeOf, type SixteenBits } from "./sixteen-bits.js";

/** Samples as 0..1 through a window, as for a DICOM file without rescaling. */
export function windowed16(
  samples: Uint16Array,
  window: Window,
): { data: Float32Array; sixteenBits: SixteenBits } {
  const { used, toUnit } = requestedWindow(window);
  const data = new Float32Array(samples.length);
  for (let i = 0; i < data.length; i++) data[i] = toUnit(samples[i]!);
  return { data, sixteenBits: { ...rangeOf(samples), window: used } };
}
