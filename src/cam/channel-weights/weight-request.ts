/** @file Channel weights that are found by running the model: what a method is given and what it gives. */

import type { Tap, MapLayout } from "../../models/taps.js";
import type { BatchPlan } from "./channel-batches.js";
import type { SymbolicModel } from "../passes/symbolic-model.js";
import { KeptPlans } from "../passes/kept-plans.js";
import type { DeviceModel } from "../model.js";
import type { ForwardPass } from "../passes/forward-pass.js";
import type { ChannelShare } from "../request/types.js";

export interface WeightRequest {
  readonly model: DeviceModel;
  readonly symbolic: SymbolicModel;
  /** Which ran on `input` and keeps the tap's value and what else crosses. */
  readonly forward: ForwardPass;
  readonly tap: Tap;
  readonly layout: MapLayout;
  /** The normalised picture. */
  readonly input: Float32Array;
  /** Of the picture. */
  readonly logits: Float32Array;
  /** The scores that are compared, from a row of logits. */
  readonly scoresOf: (logits: Float32Array) => Float32Array;
  /** Class indexes. */
  readonly targets: readonly number[];
  readonly batchSize: number;
  readonly memory?: number | undefined;
  readonly topChannels?: number | undefined;
  /** For whatever is drawn. */
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: (done: number, total: number) => void;
}

export interface LayerWeights {
  /** [targets, channels] */
  readonly weights: Float32Array;
  /** Where only some channels were looked at. */
  readonly share?: ChannelShare;
}

const KEPT = new KeptPlans<BatchPlan>(true);

/** The plan of a kind at a layer, kept with the forward pass that it reads. */
export const batchesFor = (
  kind: string,
  { forward, tap, batchSize, memory }: WeightRequest,
  make: () => Promise<BatchPlan>,
): Promise<BatchPlan> =>
  KEPT.get(forward, JSON.stringify([kind, tap.path, batchSize, memory]), make, memory !== undefined);
