/** @file The options of reading a picture. */

import type { DicomOptions } from "../dicom/options.js";
import { badArgument } from "../errors.js";
import type { OptionValues } from "./table.js";
import { say } from "../language/say.js";

/** @throws GradlensError "bad-argument" */
export function readingOf(values: OptionValues): DicomOptions & { readonly maxPixels?: number } {
  const { window, frame, maxPixels } = values;
  const [center, width] = window ?? [];
  if (window !== undefined && (window.length !== 2 || width! <= 0)) {
    throw badArgument(say`--window ${window.join(",")}: give a centre and a width above 0, as 40,400`);
  }
  return {
    ...(maxPixels !== undefined && { maxPixels }),
    ...(frame !== undefined && { frame }),
    ...(window && { window: { center: center!, width: width! } }),
  };
}
