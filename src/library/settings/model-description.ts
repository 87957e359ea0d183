/** @file The description of a loaded model: its architecture, its settings, and notes on its file. */

import type { Activation } from "../../cam/scores.js";
import type { KeyReport } from "../../checkpoint/match-keys.js";
import type { HeadActivation } from "../../graph/file-head.js";
import type { Pair } from "../../graph/types.js";
import type { ResizeName } from "../../image/fit-picture.js";
import type { Arch } from "../../models/architectures.js";
import type { Assumption, Difference, FileWord } from "./settings.js";

/** How pictures become the model's input. */
export interface ModelPreprocessing {
  /** [height, width] in pixels. */
  readonly size: Pair;
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly bgr: boolean;
  readonly resize: ResizeName;
  /** Undefined: the picture is resized straight to the size. */
  readonly cropPct?: number | undefined;
}

/** The output of a model without a classifier: the values that a classifier would read. */
export interface Embedding {
  /** The number of its values. */
  readonly length: number;
  /** The file's path of the left-out classifier; absent if the file has none. */
  readonly without?: string;
}

export interface ModuleComparison {
  /** Modules of the file whose class and settings layers use. */
  readonly compared: number;
  /** What the graph computes as the file says, not as the architecture, one text each. */
  readonly computed: readonly string[];
  /** Notes for the user, a line each. */
  readonly notes: readonly string[];
  readonly assumed: readonly Assumption[];
}

export type ResolvedSettings = ModelPreprocessing &
  Pick<ModelDescription, "labels" | "activation" | "assumed" | "differences" | "said">;

export interface ModelDescription {
  readonly arch: Arch;
  /** The implementation whose key names the file has, such as "torchvision". */
  readonly spelling: string;
  /** 0 without a classifier. */
  readonly classes: number;
  /** Undefined for a classifier. */
  readonly embedding: Embedding | undefined;
  readonly channels: 1 | 3;
  readonly labels: readonly string[] | undefined;
  readonly activation: Activation;
  readonly preprocessing: ModelPreprocessing;
  /** Settings that neither the caller nor the file gives. */
  readonly assumed: readonly Assumption[];
  /** Settings in the file outside its weights and metadata, and whether they are used. */
  readonly said: readonly FileWord[];
  /** Settings that differ from those of the architecture's official weights. */
  readonly differences: readonly Difference[];
  readonly report: KeyReport;
  /** Undefined where the file holds tensors alone. */
  readonly modules: ModuleComparison | undefined;
  /**
   * The activation between the Linears of a head of several layers. Undefined if one word cannot name it, or the head has one
   * layer.
   */
  readonly headActivation: HeadActivation | undefined;
  /** True if the network first changes ImageNet's normalisation to 0.5 and 0.5; undefined if it lacks the setting. */
  readonly transformInput: boolean | undefined;
  readonly defaultLayer: string;
}
