/** @file The public types of an explanation: its options and its result. */

import type { MapOptions } from "../map-options.js";
import type { ChannelShare } from "../methods/channel-weights.js";
import type { MethodName } from "../methods/table.js";
import type { Comparison } from "../vectors.js";
import type { Target, TargetChoice } from "./targets.js";

export interface Progress {
  readonly done: number;
  readonly total: number;
  /** What `done` counts, in words. */
  readonly what: string;
  /** The method whose work it is; undefined for what several share. */
  readonly method?: MethodName;
}

export interface ExplainOptions extends TargetChoice, Comparison, MapOptions {
  /** Default: gradcam. */
  readonly methods?: readonly MethodName[];
  /** Layers by their PyTorch path, as `features[-1]`; several are averaged. Default: the architecture's. */
  readonly layers?: readonly string[] | undefined;
  /** One map for each layer instead of their average. */
  readonly layersEach?: boolean;
  /** Adds guided backprop. */
  readonly guided?: boolean;
  /**
   * Reuses the last forward pass if it ran on the same input. Further labels of a picture then cost a reverse pass only.
   * Default: false, so that each call can be timed by itself.
   */
  readonly reuse?: boolean;
  /** The most pictures, or targets, that run at once. Default: 8. */
  readonly batchSize?: number | undefined;
  /**
   * GPU memory budget in bytes, on top of the weights. Methods that run the model many times choose their batch size to fit; a
   * method that cannot fit one picture is refused. Plans cached by earlier, different calls are freed first. Preparing weights
   * for the first time may briefly exceed the budget. Default: unlimited.
   */
  readonly memory?: number | undefined;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** One heat map. */
export interface CamMap {
  readonly method: MethodName;
  /** Full paths of the averaged layers; empty for methods that read no layer. */
  readonly layers: readonly string[];
  readonly target: Target;
  /** Heat in 0..1, or in -1..1 where `signed`, row by row, at the size of the model's input. */
  readonly data: Float32Array;
  /** [height, width] of `data`. */
  readonly shape: readonly [height: number, width: number];
  /** The hottest pixel of `data`. */
  readonly peak: readonly [x: number, y: number];
  /** Present without ReLU, or with signed input heat: negative values speak against the target. */
  readonly signed?: true;
  /** Present where the map is zero everywhere: why. */
  readonly flat?: string;
  /** With topChannels, for each of `layers`. */
  readonly channels?: readonly ChannelShare[];
}

/** A requested method that did not run: it is not defined here, or `memory` is not enough for it. */
export interface Refusal {
  readonly method: MethodName;
  /** Why, and what to use instead. */
  readonly reason: string;
}

/** Guided backprop of one target. */
export interface GuidedMap {
  readonly target: Target;
  /** The gradient with respect to the normalised input, [height, width, channels]. */
  readonly data: Float32Array;
  readonly shape: readonly [height: number, width: number, channels: number];
}

/** The gradient behind a map of the picture's gradient, without aug-smooth. For integrated gradients times the input. */
export interface InputGradient extends GuidedMap {
  readonly method: MethodName;
}

export interface Explanation {
  /** The model's raw output, one number a class; without a classifier the embedding. */
  readonly logits: Float32Array;
  /** The logits through the model's activation. */
  readonly scores: Float32Array;
  /** The labels that the options chose; maps are of these, in this order. */
  readonly targets: readonly Target[];
  /** Methods x layers (with `layersEach`, for methods of a layer) x targets, in this order. */
  readonly maps: readonly CamMap[];
  readonly guided?: readonly GuidedMap[];
  /** Methods of the picture's gradient x targets. */
  readonly inputGradients?: readonly InputGradient[];
  /** Methods that did not run while others did. */
  readonly refused?: readonly Refusal[];
  /** Milliseconds by stage. */
  readonly timings: Readonly<Record<string, number>>;
}
