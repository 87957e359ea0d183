/** @file What a run requests of each picture: methods, layers, renderings and the names of files. */

import type { MapOptionValues } from "../cam/map-options.js";
import type { MethodName } from "../cam/methods/table.js";
import type { Activation } from "../cam/scores.js";
import type { ColormapName } from "../image/colormaps.js";
import type { Box } from "../image/rle.js";
import type { NameParts, NamePatterns } from "./file-names.js";
import type { Rendering, TargetRecord } from "./manifest.js";
import type { Variation } from "./variation.js";

export interface Request {
  readonly methods: readonly MethodName[];
  /** Resolved paths; each group gives one map. */
  readonly layerGroups: readonly (readonly string[])[];
  /** File names leave these layers out. */
  readonly defaultLayers: readonly string[];
  readonly layersEach: boolean;
  readonly mapOptions: MapOptionValues;
  readonly activation: Activation;
  readonly guided: boolean;
  readonly strip: boolean;
  readonly heat: 8 | 16 | undefined;
  readonly npy: boolean;
  readonly rendering: Rendering;
  readonly signedColormap: ColormapName;
  /** The boxes that people drew on the picture, by class index; undefined where none are given. */
  readonly truth?: ReadonlyMap<number, readonly Box[]> | undefined;
  /** The patterns of file names. */
  readonly names: NamePatterns;
  /** The values of a pattern's placeholders for picture and model. */
  readonly nameParts: Pick<NameParts, "image" | "model" | "arch">;
  /** A prefix of picture and model for names without a pattern, if several pictures share a folder. */
  readonly prefix: string | undefined;
  /** A suffix for pattern names, if results of other settings share the folder. */
  readonly mark: string;
  /** The file suffix of overlays and guided pictures without a pattern, as `.png`. */
  readonly suffix: string;
  /** Each class as part of a file name. */
  readonly fileLabels: readonly string[];
  /** The model's output is an embedding, which has a file of its own. */
  readonly isEmbedding: boolean;
}

/** The part of a request that affects only how its maps are drawn. */
export type DrawnRequest = Pick<Request, "rendering" | "signedColormap" | "heat" | "truth">;

/** The rendering of one map. */
export function renderingOf(
  { rendering, signedColormap, truth }: Omit<DrawnRequest, "heat">,
  { signed, target }: Pick<Variation, "signed"> & { readonly target: Pick<TargetRecord, "index"> },
): Rendering {
  const boxes = truth?.get(target.index);
  return {
    ...rendering,
    ...(signed && { colormap: signedColormap }),
    ...(boxes && { truth: boxes }),
  };
}
