/** @file The channel weights of a request: those of each method at each layer, found once for all targets. */

import { mapLayout, type Tap } from "../../models/taps.js";
import type { ChannelShare, LayerWeights, WeightRequest } from "../methods/channel-weights.js";
import { METHODS, type LayerMethodName } from "../methods/table.js";
import type { Refusals } from "../request/refusals.js";
import type { ExplainOptions } from "../request/types.js";
import { layersOf, type MapRequest, type WeightsOf } from "./map-request.js";
import { say } from "../../language/say.js";

type Shared = Omit<WeightRequest, "method" | "tap" | "layout" | "onProgress">;

export class ChannelWeights {
  private readonly found = new Map<string, LayerWeights>();

  private constructor(private readonly targets: readonly number[]) {}

  /** @param refused collects the methods for which `memory` is not enough */
  static async find(
    request: MapRequest,
    shared: Shared,
    refused: Refusals,
    onProgress: NonNullable<ExplainOptions["onProgress"]>,
  ): Promise<ChannelWeights> {
    const result = new ChannelWeights(shared.targets);
    if (shared.targets.length === 0) return result;
    for (const name of request.methods) {
      const { channelWeights } = METHODS[name];
      if (!channelWeights) continue;
      await refused.attempt(name, async () => {
        for (const tap of layersOf(request)) {
          const what = say`${name}: channels of ${tap.path}`;
          const ofLayer = {
            ...shared,
            method: name,
            tap,
            layout: mapLayout(tap, request.defaultLayer),
            onProgress: (done: number, total: number) => onProgress({ done, total, what, method: name }),
          };
          const weights = await channelWeights.find(ofLayer, request.mapOptions);
          result.found.set(keyOf(name, tap), weights);
        }
      });
    }
    return result;
  }

  /** The weights of some targets. A refused method has zeros, because plans keep its input. */
  of(targets: readonly number[]): WeightsOf {
    return (method, tap) => {
      const weights = this.found.get(keyOf(method, tap))?.weights;
      const channels = tap.output.shape.at(-1)!;
      const result = new Float32Array(targets.length * channels);
      if (!weights) return result;
      targets.forEach((target, i) => {
        const row = this.targets.indexOf(target);
        result.set(weights.subarray(row * channels, (row + 1) * channels), i * channels);
      });
      return result;
    };
  }

  /** The share of channels used, for each layer where the method used only some. */
  shares(method: LayerMethodName, taps: readonly Tap[]): ChannelShare[] {
    return taps.flatMap((tap) => this.found.get(keyOf(method, tap))?.share ?? []);
  }
}

const keyOf = (method: LayerMethodName, tap: Tap): string => `${method} ${tap.path}`;
