/**
 * @file The channel weights of a request that are found by running the model: each method at each layer once, for all
 * targets.
 */

import { mapLayout, type Tap } from "../../models/taps.js";
import type { LayerWeights, WeightRequest } from "./weight-request.js";
import { CHANNEL_WEIGHTS } from "./table.js";
import { layersOf, type MapRequest, type WeightsOf } from "../layer-maps/map-request.js";
import { isMeasured } from "../methods/method.js";
import { METHODS, type LayerMethodName } from "../methods/table.js";
import type { Refusals } from "../request/refusals.js";
import type { ChannelShare, ExplainOptions } from "../request/types.js";

type Shared = Omit<WeightRequest, "tap" | "layout" | "onProgress">;

export class ChannelWeights {
  private readonly known = new Map<string, LayerWeights>();

  private constructor(private readonly targets: readonly number[]) {}

  /** @param refused which gets the methods that the memory allowed is too little for */
  static async measure(
    request: MapRequest,
    shared: Shared,
    refused: Refusals,
    onProgress: NonNullable<ExplainOptions["onProgress"]>,
  ): Promise<ChannelWeights> {
    const result = new ChannelWeights(shared.targets);
    if (shared.targets.length === 0) return result;
    for (const name of request.methods) {
      const method = METHODS[name];
      if (!isMeasured(method)) continue;
      await refused.attempt(name, async () => {
        for (const tap of layersOf(request)) {
          const measured = await CHANNEL_WEIGHTS[method.needs]({
            ...shared,
            tap,
            layout: mapLayout(tap, request.defaultLayer),
            onProgress: (done, total) =>
              onProgress({ done, total, what: `${name}: channels of ${tap.path}` }),
          });
          result.known.set(keyOf(name, tap), measured);
        }
      });
    }
    return result;
  }

  /** For some of the targets; zeros for a method that was refused, whose place in a plan stays. */
  of(targets: readonly number[]): WeightsOf {
    return (method, tap) => {
      const weights = this.known.get(keyOf(method, tap))?.weights;
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

  /** Where only some channels of each layer were looked at. */
  shares(method: LayerMethodName, taps: readonly Tap[]): ChannelShare[] {
    return taps.flatMap((tap) => this.known.get(keyOf(method, tap))?.share ?? []);
  }
}

const keyOf = (method: LayerMethodName, tap: Tap): string => `${method} ${tap.path}`;
