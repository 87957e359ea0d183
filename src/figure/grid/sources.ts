/** @file What a grid is made of: pictures, their maps and their gradients, with the facts that its texts name. */

import type { MapOptions } from "../../cam/map-options.js";
import type { Target } from "../../cam/request/targets.js";
import type { Refusal } from "../../cam/request/types.js";
import type { ColormapName } from "../../image/colormaps.js";
import type { Crop } from "../../image/crop.js";
import type { Picture, Size } from "../../image/picture.js";

/** A picture of a figure. It is loaded when it is drawn, because all pictures of a figure may not fit into memory. */
export interface LazyPicture {
  /** The size and ratio of its place. */
  readonly size: Size;
  /** The part of the place that it fills. Default: all. */
  readonly part?: Crop | undefined;
  readonly load: () => Picture | Promise<Picture>;
}

type GridTarget = Pick<Target, "index" | "label" | "score">;

/** One map. */
export interface GridMap {
  readonly method: string;
  /** Empty for methods that read no layer. */
  readonly layers: readonly string[];
  readonly target: GridTarget;
  /** The reason why the map is zero everywhere. */
  readonly flat?: string | undefined;
  /** The map keeps its sign. */
  readonly signed?: boolean | undefined;
  readonly compareScale?: MapOptions["compareScale"];
  readonly augSmooth?: boolean | undefined;
  readonly eigenSmooth?: boolean | undefined;
  readonly colormap: ColormapName;
  readonly overlay: LazyPicture;
  /** The guided Grad-CAM picture, where it is requested. */
  readonly guided?: LazyPicture | undefined;
}

/** The results of one picture by one model. */
export interface GridSource {
  /** Unique for each picture; `name` need not be. */
  readonly image: KeyedName;
  /** Unique for each model. */
  readonly model: KeyedName;
  readonly arch: string;
  readonly activation: string;
  readonly labels: readonly string[] | null;
  /** The unmodified picture. */
  readonly picture: LazyPicture;
  /** The requested maps, in order. */
  readonly maps: readonly GridMap[];
  /** Guided backprop of each target, where it is requested. */
  readonly gradients: readonly { readonly target: GridTarget; readonly shown: LazyPicture }[];
  /** The requested methods. */
  readonly methods: readonly string[];
  /** The requested methods that the model does not support. */
  readonly refused: readonly Pick<Refusal, "method" | "reason">[];
}

export interface KeyedName {
  readonly key: string;
  readonly name: string;
}
