/** @file The layer maps that an explanation needs, and what a plan for them receives and returns. */

import type { Pair } from "../../graph/types.js";
import type { Tap } from "../../models/taps.js";
import type { MapOptionValues } from "../map-options.js";
import type { LayerMethodName } from "../methods/table.js";
import type { ExplainerModel } from "../model.js";
import type { ResolvedOptions } from "../request/resolve-options.js";

export interface MapRequest {
  readonly methods: readonly LayerMethodName[];
  /** Each group's layers are averaged into one map. */
  readonly groups: readonly (readonly Tap[])[];
  /** Targets at a time. */
  readonly targets: number;
  readonly mapOptions: MapOptionValues;
  readonly guided: boolean;
  /** Of the model's input; the maps' size. */
  readonly size: Pair;
  /** Messages suggest it. */
  readonly defaultLayer: string;
}

/** The request of a plan for some methods, and for a number of targets at a time. */
export const mapRequestOf = (
  { size, defaultLayer }: ExplainerModel,
  { groups, mapOptions }: ResolvedOptions,
  methods: readonly LayerMethodName[],
  targets: number,
  guided: boolean,
): MapRequest => ({
  methods,
  groups,
  targets,
  mapOptions,
  guided,
  size,
  defaultLayer,
});

export interface Maps {
  /**
   * The map [H, W] of a method, group and target, each by its index in the request. Where the CPU scales (isPerMap), the raw map
   * of a method, layer (layersOf) and target.
   */
  readonly map: (method: number, place: number, target: number) => Float32Array;
  /** [h, w] of the raw maps of a method at a layer. */
  readonly rawShape: (method: number, place: number) => Pair;
  /** The guided gradient [H, W, channels] of a target. */
  readonly guided: (target: number) => Float32Array;
}

/** The channel weights [targets, C] of a method at a layer. */
export type WeightsOf = (method: LayerMethodName, tap: Tap) => Float32Array;

/** Each layer of a request once. */
export const layersOf = ({ groups }: Pick<MapRequest, "groups">): Tap[] => [...new Set(groups.flat())];
