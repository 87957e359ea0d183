/** @file Gathers the maps of chunks of targets and of input variants into what the caller gets. */

import { peak } from "../image/map-range.js";
import type { MapRequest, Maps } from "./map-plan.js";
import type { MethodName } from "./methods.js";
import { meanOfVariants } from "./smoothing.js";
import type { Target } from "./targets.js";
import type { CamMap, GuidedMap } from "./types.js";

export class Collected {
  /** By variant: "method group target" to the map. */
  private readonly variants: Map<string, Float32Array>[] = [];
  readonly guided: GuidedMap[] = [];

  constructor(
    private readonly request: MapRequest,
    private readonly targets: readonly Target[],
  ) {}

  startVariant(): void {
    this.variants.push(new Map());
  }

  /** @param methods those that `maps` are of, in its order */
  add(maps: Maps, methods: readonly MethodName[], chunk: readonly Target[]): void {
    const { groups, size } = this.request;
    chunk.forEach((target, t) => {
      methods.forEach((method, m) =>
        groups.forEach((_, g) => this.variants.at(-1)!.set(keyOf(method, g, target), maps.map(m, g, t))),
      );
      const data = maps.guided(t);
      if (data.length > 0) {
        this.guided.push({ target, data, shape: [...size, data.length / (size[0] * size[1])] });
      }
    });
  }

  maps(): CamMap[] {
    const { methods, groups, size } = this.request;
    return methods.flatMap((method) =>
      groups.flatMap((group, g) => {
        const layers = group.map((tap) => tap.path);
        return this.targets.map((target): CamMap => {
          const variants = this.variants.map((maps) => maps.get(keyOf(method, g, target))!);
          const data = variants.length === 1 ? variants[0]! : meanOfVariants(variants, size);
          return {
            method,
            layers,
            target,
            data,
            shape: size,
            peak: peak(data, { height: size[0], width: size[1] }),
          };
        });
      }),
    );
  }
}

const keyOf = (method: MethodName, group: number, target: Target): string =>
  `${method} ${group} ${target.index}`;
