/** @file Channel weights that are found by running the model: what a method receives and returns. */

import type { Node } from "../../graph/types.js";
import type { MapLayout, Tap } from "../../models/taps.js";
import type { MapOptionValues } from "../map-options.js";
import type { ExplainerModel } from "../model.js";
import { BatchPlan, type BatchLimits } from "../passes/channel-batches.js";
import type { ForwardPass } from "../passes/forward-pass.js";
import { PlanKindCache } from "../passes/plan-kind-cache.js";
import type { BatchGraph } from "../passes/memory-budget.js";
import type { SymbolicModel } from "../passes/symbolic-model.js";
import { scoresOf } from "../scores.js";

export interface WeightRequest {
  /** The method's name. */
  readonly method: string;
  readonly model: ExplainerModel;
  readonly symbolic: SymbolicModel;
  /** Ran on `input`. Keeps the layer's value and those that `keeps` names. */
  readonly forward: ForwardPass;
  readonly tap: Tap;
  readonly layout: MapLayout;
  /** The normalised picture. */
  readonly input: Float32Array;
  /** Of `input`. */
  readonly logits: Float32Array;
  /** Class indexes. */
  readonly targets: readonly number[];
  /** The most pictures, or targets, that run at once. */
  readonly batchSize: number;
  /** The GPU memory budget in bytes, on top of the weights. */
  readonly memory?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: (done: number, total: number) => void;
}

/** Which part of a layer's channels a map is made of. */
export interface ChannelShare {
  readonly scored: number;
  readonly of: number;
  /** The share, 0..1, that these channels have of the variance of the layer's values over its positions. */
  readonly variance: number;
}

export interface LayerWeights {
  /** [targets, channels] */
  readonly weights: Float32Array;
  /** Present where the method used only some channels. */
  readonly share?: ChannelShare;
}

export interface ChannelWeightRule {
  readonly find: (request: WeightRequest, options: MapOptionValues) => Promise<LayerWeights>;
  /** Values of the template that the forward pass must keep besides the layers' outputs. */
  readonly keeps?: ((symbolic: SymbolicModel, outputs: readonly Node[]) => Node[]) | undefined;
}

/** The scores of a row of logits that the method compares. */
export const scoring =
  ({ model }: WeightRequest, { score }: MapOptionValues) =>
  (logits: Float32Array): Float32Array =>
    scoresOf(logits, score === "probability" ? model.activation : "none");

const KEPT = new PlanKindCache<BatchPlan>(true);

/**
 * The plan that computes the model's scores once per channel. It is kept with the forward pass whose values it reads, for all
 * values of the options: what `make` reads of them belongs in the key.
 */
export const channelBatches = (
  { method, model, forward, tap, batchSize, memory }: WeightRequest,
  make: (batch: number) => BatchGraph,
  limits: Pick<BatchLimits, "cheap"> = {},
): Promise<BatchPlan> =>
  KEPT.get(
    forward,
    JSON.stringify([method, tap.path, batchSize, memory]),
    () => BatchPlan.compile(model, tap.output.shape.at(-1)!, make, { batchSize, memory, ...limits }),
    memory !== undefined,
  );
