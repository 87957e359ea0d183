/** @file The options of drawing maps. */

import { badArgument } from "../errors.js";
import type { ColormapName } from "../image/colormaps.js";
import { withDefaults, type OptionValues } from "../options/table.js";
import type { Rendering } from "./manifest.js";
import { say } from "../language/say.js";

/** How maps are drawn, and the colours of signed maps. @throws GradlensError "bad-argument" */
export function renderingsOf(values: OptionValues): {
  readonly rendering: Rendering;
  readonly signedColormap: ColormapName;
} {
  const { colormap, alpha, overlaySize } = withDefaults(values);
  return {
    rendering: { colormap: colormap ?? "jet", alpha, overlaySize, ...thresholding(values) },
    signedColormap: colormap ?? "bwr",
  };
}

/** The rule for regions. */
function thresholding(values: OptionValues): Pick<Rendering, "threshold" | "minArea" | "drawBoxes"> {
  const { threshold, minArea, drawBoxes } = values;
  if (threshold !== undefined)
    return { threshold, minArea: minArea ?? 0, ...(drawBoxes && { drawBoxes: true }) };
  const needing = minArea !== undefined ? "--min-area" : drawBoxes ? "--draw-boxes" : undefined;
  if (needing === undefined) return {};
  throw badArgument(say`${needing} needs regions: define them by --threshold, as otsu`);
}
