/** @file The public types of an explanation: its options and its result. */

import type { MapOptions } from "../map-options.js";
import type { MethodName } from "../methods/table.js";
import type { Target, TargetChoice } from "./targets.js";

export interface Progress {
  readonly done: number;
  readonly total: number;
  /** What is being counted, in words. */
  readonly what: string;
}

export interface ExplainOptions extends TargetChoice, MapOptions {
  /** Default: gradcam. */
  readonly methods?: readonly MethodName[];
  /** Layers by their PyTorch path, as `features[-1]`; several are averaged. Default: the architecture's. */
  readonly layers?: readonly string[] | undefined;
  /** One map for each layer instead of their average. */
  readonly layersEach?: boolean;
  /** Guided backprop as well. */
  readonly guided?: boolean;
  /** Pictures, or targets, that run at once where a method runs many. Default: 8. */
  readonly batchSize?: number | undefined;
  /**
   * Bytes of GPU memory beyond the weights that methods which run many pictures keep to, all counted that the model holds; a
   * method that this is too little for is refused. What calls of another kind left is freed first. While weights are prepared
   * that are not there yet, more is taken. Default: no bound.
   */
  readonly memory?: number | undefined;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** Which part of a layer's channels a map is made of. */
export interface ChannelShare {
  readonly scored: number;
  readonly of: number;
  /** The share, 0..1, of the variance of the layer's values over its positions that these channels have. */
  readonly variance: number;
}

/** One heat map. */
export interface CamMap {
  readonly method: MethodName;
  /** Resolved paths of the layers that were averaged; none for methods that look at no layer. */
  readonly layers: readonly string[];
  readonly target: Target;
  /** Heat in 0..1, or in -1..1 where it is signed, row by row, at the size of the model's input. */
  readonly data: Float32Array;
  /** [height, width] of `data`. */
  readonly shape: readonly [height: number, width: number];
  /** The hottest pixel of `data`. */
  readonly peak: readonly [x: number, y: number];
  /** Without ReLU, or with signed input heat: what is negative speaks against the target. */
  readonly signed?: true;
  /** Why the map is zero everywhere; absent where it is not. */
  readonly flat?: string;
  /** With topChannels, for each of `layers`. */
  readonly channels?: readonly ChannelShare[];
}

/** A method that was asked for and could not be run: it is not defined here, or `memory` is too little for it. */
export interface Refusal {
  readonly method: MethodName;
  /** Why, and what to take instead. */
  readonly reason: string;
}

/** Guided backprop of one target. */
export interface GuidedMap {
  readonly target: Target;
  /** The guided gradient with respect to the normalised input, [height, width, channels]. */
  readonly data: Float32Array;
  readonly shape: readonly [height: number, width: number, channels: number];
}

/** What a map of the picture's gradient was made of. */
export interface InputGradient {
  readonly method: MethodName;
  readonly target: Target;
  /** With respect to the normalised input, of the plain picture; of integrated gradients times the input. */
  readonly data: Float32Array;
  readonly shape: readonly [height: number, width: number, channels: number];
}

export interface Explanation {
  /** The model's raw output, one number a class. */
  readonly logits: Float32Array;
  /** The logits through the model's activation. */
  readonly scores: Float32Array;
  /** The labels that the options chose; maps are of these, in this order. */
  readonly targets: readonly Target[];
  /** Methods x layers (where each has its own map; methods that look at no layer have one) x targets. */
  readonly maps: readonly CamMap[];
  readonly guided?: readonly GuidedMap[];
  /** Methods of the picture's gradient x targets. */
  readonly inputGradients?: readonly InputGradient[];
  /** Methods that could not be run where others could. */
  readonly refused?: readonly Refusal[];
  /** Milliseconds by stage. */
  readonly timings: Readonly<Record<string, number>>;
}
