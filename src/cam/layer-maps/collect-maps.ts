/** @file Collects the layer maps of all chunks of targets and all input variants. */

import type { Pair } from "../../graph/types.js";
import { camMaps } from "../cam-maps.js";
import { scaleTogether, isPerMap, type RawMaps } from "../scaling/scale-together.js";
import { layersOf, type MapRequest, type Maps } from "./map-request.js";
import type { LayerMethodName } from "../methods/table.js";
import type { Refusals } from "../request/refusals.js";
import type { Target } from "../request/targets.js";
import type { CamMap, GuidedMap } from "../request/types.js";

export class MapCollector {
  /** For each variant: by "method place target" the map of a group, or the raw map of a layer. */
  private readonly variants: Map<string, Float32Array>[] = [];
  /** By "method place". */
  private readonly rawShapes = new Map<string, Pair>();
  readonly guided: GuidedMap[] = [];

  constructor(
    private readonly request: MapRequest,
    private readonly targets: readonly Target[],
    private readonly refused: Refusals,
  ) {}

  startVariant(): void {
    this.variants.push(new Map());
  }

  /** @param methods the methods of `maps`, in its order */
  add(maps: Maps, methods: readonly LayerMethodName[], chunk: readonly Target[]): void {
    const { size } = this.request;
    const places = this.places();
    methods.forEach((method, m) =>
      places.forEach((_, p) => {
        this.rawShapes.set(`${method} ${p}`, maps.rawShape(m, p));
        chunk.forEach((target, t) => this.variants.at(-1)!.set(keyOf(method, p, target), maps.map(m, p, t)));
      }),
    );
    chunk.forEach((target, t) => {
      const data = maps.guided(t);
      if (data.length > 0) {
        this.guided.push({ target, data, shape: [...size, data.length / (size[0] * size[1])] });
      }
    });
  }

  maps(): CamMap[] {
    const { methods, groups, size, mapOptions } = this.request;
    const ran = methods.filter((method) => !this.refused.has(method));
    return ran.flatMap((method) =>
      groups.flatMap((group, g) => {
        const layers = group.map((tap) => tap.path);
        const variants = this.variants.map((maps) => this.scaled(maps, method, g));
        return camMaps({ method, layers, shape: size }, mapOptions, this.targets, variants);
      }),
    );
  }

  private places(): readonly unknown[] {
    return isPerMap(this.request.mapOptions) ? this.request.groups : layersOf(this.request);
  }

  /** The scaled maps of a method and group, one a target. */
  private scaled(
    maps: ReadonlyMap<string, Float32Array>,
    method: LayerMethodName,
    group: number,
  ): Float32Array[] {
    const { groups, size, mapOptions } = this.request;
    const ofPlace = (place: number): Float32Array[] =>
      this.targets.map((target) => maps.get(keyOf(method, place, target))!);
    if (isPerMap(mapOptions) || this.targets.length === 0) return ofPlace(group);
    const layers = layersOf(this.request);
    const raw = groups[group]!.map((tap): RawMaps => {
      const place = layers.indexOf(tap);
      return { shape: this.rawShapes.get(`${method} ${place}`)!, maps: ofPlace(place) };
    });
    return scaleTogether(raw, size, mapOptions);
  }
}

const keyOf = (method: LayerMethodName, place: number, target: Target): string =>
  `${method} ${place} ${target.index}`;
