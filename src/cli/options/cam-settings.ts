/** @file The settings of `cam`: options of the command line and the settings file, merged, checked and with defaults. */

import { mapOptionValues, type MapOptionValues } from "../../cam/map-options.js";
import type { ColormapName } from "../../image/colormaps.js";
import { badArgument } from "../../errors.js";
import type { AdapterChoice } from "../../node/open-device.js";
import type { ReadPictureOptions } from "../../node/read-picture.js";
import { BOX_FORMAT_NAMES, type BoxFormatName } from "../../options/box-formats.js";
import type { Rendering } from "../../results/manifest.js";
import { checkNames, namePatterns, type NamePatterns } from "../../results/file-names.js";
import { renderingsOf } from "../../results/rendering.js";
import { readingOf } from "../../options/reading.js";
import { withDefaults, type FilledValues, type OptionValues } from "../../options/table.js";
import { suggestion } from "../../models/nearest.js";
import type { Host } from "../terminal/host.js";
import { say } from "../../language/say.js";

/** The settings of `cam` beside those of the model (model-settings.ts). Paths are as typed. */
export interface CamSettings extends Omit<
  FilledValues,
  keyof Rendering | "image" | "layer" | "name" | "target"
> {
  readonly images: readonly string[];
  readonly names: NamePatterns;
  /** How pictures are read. */
  readonly reading: ReadPictureOptions;
  readonly layers?: readonly string[] | undefined;
  /** Undefined: the highest logit; with `top` or `minProbability` all labels. */
  readonly targets?: readonly string[] | undefined;
  readonly mapOptions: MapOptionValues;
  readonly rendering: Rendering;
  /** A file of boxes that people drew. */
  readonly truth?: string | undefined;
  /** In place of the rendering's colours, where a map has a sign. */
  readonly signedColormap: ColormapName;
  /** Files of the boxes of all pictures. */
  readonly boxes: readonly BoxFormatName[];
  readonly adapter: AdapterChoice;
}

/**
 * Fills in defaults.
 * @param env names the default adapter
 * @throws GradlensError "bad-argument"
 */
export function resolveCam(values: OptionValues, env: Host["env"]): CamSettings {
  const names = namePatterns(values.name ?? []);
  checkNames(names, severalMaps(values));
  if (values.name !== undefined && values.format !== undefined)
    throw badArgument(say`--format and --name contradict each other: the suffix of --name is the format`);
  const filled = withDefaults(values);
  const { image = [], layer, target } = filled;
  return {
    ...filled,
    names,
    // A report colours the maps itself.
    heat: filled.heat ?? (filled.report ? 8 : undefined),
    images: image,
    reading: readingOf(values),
    layers: layer && [...new Set(layer)],
    targets: target,
    mapOptions: mapOptionValues(values),
    ...renderingsOf(values),
    boxes: boxesOf(values),
    adapter: adapterOf(values, env),
  };
}

function boxesOf({ boxes = [], threshold }: OptionValues): BoxFormatName[] {
  if (boxes.length > 0 && threshold === undefined)
    throw badArgument(say`--boxes needs regions: define them by --threshold, as otsu`);
  return [...new Set(boxes)].map((name) => {
    const found = BOX_FORMAT_NAMES.find((format) => format === name.toLowerCase());
    if (found !== undefined) return found;
    const known = BOX_FORMAT_NAMES.join(", ");
    throw badArgument(say`--boxes "${name}" is not one of ${known}${suggestion(name, BOX_FORMAT_NAMES)}`);
  });
}

/** Which adapter to open: as typed, else as the environment says. */
export function adapterOf({ adapter }: OptionValues, env: Host["env"]): AdapterChoice {
  return (adapter ?? (env["GRADLENS_ADAPTER"] || "auto")) as AdapterChoice;
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
