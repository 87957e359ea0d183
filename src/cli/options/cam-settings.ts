/** @file The settings of `cam`: options of the command line and the settings file, merged, checked and with defaults. */

import { mapOptionValues, type MapOptionValues } from "../../cam/map-options.js";
import type { ColormapName } from "../../image/colormaps.js";
import { badArgument } from "../../errors.js";
import type { ReadPictureOptions } from "../../node/read-picture.js";
import { BOX_FORMAT_NAMES, type BoxFormatName } from "../results/boxes.js";
import type { Rendering } from "../results/manifest.js";
import { checkName } from "../results/file-names.js";
import { withDefaults, type FilledValues, type OptionValues } from "./table.js";
import { suggestion } from "../text/suggest.js";

/** The settings of `cam` beside those of the model (model-settings.ts). Paths are as typed. */
export interface CamSettings extends Omit<FilledValues, keyof Rendering | "image" | "layer" | "target"> {
  readonly images: readonly string[];
  /** How pictures are read. */
  readonly reading: ReadPictureOptions;
  readonly layers?: readonly string[] | undefined;
  /** Undefined: the highest logit; with `top` or `minProbability` all labels. */
  readonly targets?: readonly string[] | undefined;
  readonly mapOptions: MapOptionValues;
  readonly rendering: Rendering;
  /** In place of the rendering's colours, where a map has a sign. */
  readonly signedColormap: ColormapName;
  /** Files of the boxes of all pictures. */
  readonly boxes: readonly BoxFormatName[];
  readonly adapter: string;
}

const NORMS = {
  imagenet: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  half: { mean: [0.5], std: [0.5] },
  none: { mean: [0], std: [1] },
} as const;

/**
 * What is typed wins over what is kept beside the weights.
 * @throws GradlensError "bad-argument" for options that contradict each other or cannot be
 */
export function mergeValues(kept: OptionValues, typed: OptionValues, keptIn: string): OptionValues {
  const values = { ...withoutNorm(kept, `${keptIn}: "norm"`), ...withoutNorm(typed, "--norm") };
  for (const name of ["mean", "std"] as const) {
    const given = values[name];
    if (given !== undefined && given.length !== 1 && given.length !== 3) {
      throw badArgument(`--${name} has ${given.length} values: give 3, or 1 for all channels`);
    }
  }
  if (values.std?.some((value) => value <= 0))
    throw badArgument(`--std ${values.std.join(",")}: give values above 0`);
  return values;
}

/** `norm` written out as mean and std. */
function withoutNorm({ norm, ...rest }: OptionValues, shown: string): OptionValues {
  if (norm === undefined) return rest;
  const other = (["mean", "std"] as const).find((name) => rest[name] !== undefined);
  if (other !== undefined) {
    throw badArgument(
      `${shown} and ${shown.replace("norm", other)} contradict each other: norm stands for mean and std`,
    );
  }
  return { ...rest, ...NORMS[norm] };
}

/**
 * Fills in defaults.
 * @param env names the default adapter
 * @throws GradlensError "bad-argument"
 */
export function resolveCam(
  values: OptionValues,
  env: Readonly<Record<string, string | undefined>>,
): CamSettings {
  if (values.name !== undefined) checkName(values.name, severalMaps(values));
  const filled = withDefaults(values);
  const { image = [], layer, target, colormap, alpha, overlaySize } = filled;
  return {
    ...filled,
    images: image,
    reading: readingOf(values),
    layers: layer && [...new Set(layer)],
    targets: target,
    mapOptions: mapOptionValues(values),
    rendering: { colormap: colormap ?? "jet", alpha, overlaySize, ...thresholding(values) },
    signedColormap: colormap ?? "bwr",
    boxes: boxesOf(values),
    adapter: adapterOf(values, env),
  };
}

/** The rule for regions. */
function thresholding({
  threshold,
  minArea,
  drawBoxes,
}: OptionValues): Pick<Rendering, "threshold" | "minArea" | "drawBoxes"> {
  if (threshold !== undefined)
    return { threshold, minArea: minArea ?? 0, ...(drawBoxes && { drawBoxes: true }) };
  const needing = minArea !== undefined ? "--min-area" : drawBoxes ? "--draw-boxes" : undefined;
  if (needing === undefined) return {};
  throw badArgument(`${needing} needs regions: define them by --threshold, as otsu`);
}

function readingOf({ window, frame, maxPixels }: OptionValues): ReadPictureOptions {
  const [center, width] = window ?? [];
  if (window !== undefined && (window.length !== 2 || width! <= 0)) {
    throw badArgument(`--window ${window.join(",")}: give a centre and a width above 0, as 40,400`);
  }
  return {
    ...(maxPixels !== undefined && { maxPixels }),
    ...(frame !== undefined && { frame }),
    ...(window && { window: { center: center!, width: width! } }),
  };
}

function boxesOf({ boxes = [], threshold }: OptionValues): BoxFormatName[] {
  if (boxes.length > 0 && threshold === undefined)
    throw badArgument("--boxes needs regions: define them by --threshold, as otsu");
  return [...new Set(boxes)].map((name) => {
    const found = BOX_FORMAT_NAMES.find((format) => format === name.toLowerCase());
    if (found !== undefined) return found;
    const known = BOX_FORMAT_NAMES.join(", ");
    throw badArgument(`--boxes "${name}" is not one of ${known}${suggestion(name, BOX_FORMAT_NAMES)}`);
  });
}

/** Which adapter to open: as typed, else as the environment says. */
export function adapterOf(
  { adapter }: OptionValues,
  env: Readonly<Record<string, string | undefined>>,
): string {
  return adapter ?? (env["GRADLENS_ADAPTER"] || "auto");
}

/** The parts of a file name that differ between the maps of one picture. */
function severalMaps(values: OptionValues): { method: boolean; label: boolean; layer: boolean } {
  const choosing = (values.top ?? 1) > 1 || values.minProbability !== undefined;
  const targets = values.target?.join(",") ?? (choosing ? "all" : "top1");
  return {
    method: (values.method?.length ?? 1) > 1,
    label: /,|^top(?!1$)\d+$|^all$|^above:/i.test(targets) && values.top !== 1,
    layer: values.layersEach === true,
  };
}
