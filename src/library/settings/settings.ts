/** @file The types of a model's settings: given, resolved, and the notes about them. */

import type { Activation } from "../../cam/scores.js";
import type { FileModule } from "../../checkpoint/types.js";
import type { Pair } from "../../graph/types.js";
import type { ResizeName } from "../../image/fit-picture.js";
import type { FileSize, TrainedInput } from "../../models/arch.js";
import type { TrainingState, FileValue } from "../file/training-state.js";

/** Settings of the input, the labels and the scores. */
type UseSetting = "size" | "mean" | "std" | "labels" | "activation";
/** Settings of the network that have an option. */
type NetworkSetting =
  "arch" | "spelling" | "positions" | "head" | "pooling" | "padding" | "head-activation" | "transform-input";
/** Settings of the network that have none. */
type NetworkFact = "modules" | "forward" | "hooks";

/** A setting that neither the caller nor the file gives. */
export interface Assumption {
  readonly what: UseSetting | NetworkSetting | NetworkFact;
  readonly value: unknown;
  readonly because: string;
}

/** A setting of the caller or the file that differs from those of the architecture's official weights. */
export interface Difference {
  readonly what: "size" | "mean" | "std";
  readonly trained: readonly number[];
  readonly used: readonly number[];
}

/** A setting that the file names beside its weights and its metadata. */
export interface FileWord {
  /** A setting, or "network" for facts without an option. */
  readonly what: Assumption["what"] | "resize" | "crop-pct" | "bgr" | "network";
  readonly value: unknown;
  /** The place in the file: "args.mean", "normalizer.new_mean". */
  readonly from: string;
  readonly used: boolean;
  /** The reason why it is not used, or how it was read. */
  readonly note?: string;
}

export interface GivenSettings {
  /** [height, width] in pixels. */
  readonly size?: Pair;
  /** One value a channel, or one for all channels, for pixels in 0..1. */
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
  /** Default: what the file says, else opencv-bilinear. */
  readonly resize?: ResizeName;
  /** crop.ts; "off": no crop, whatever the file says. Default: what the file says, else off. */
  readonly cropPct?: number | "off";
  /** The first channel is blue, as for models trained on cv2.imread's pictures. Default: what the file says, else false. */
  readonly bgr?: boolean;
  readonly labels?: readonly string[];
  /** "auto" (the default): what the file says, else what is usual for such a model. */
  readonly activation?: Activation | "auto";
}

export interface HeadFacts {
  readonly classes: number;
  /** The head's keys are those of a Sequential that ends with a Sigmoid, as CheXNet's `classifier.0`. */
  readonly sequentialHead: boolean;
  /** The file's path of the module that computes the logits, such as "module.fc". */
  readonly head?: string;
  readonly modules?: ReadonlyMap<string, FileModule> | undefined;
  readonly labels?: readonly string[] | undefined;
}

export interface FileNormalizer {
  readonly mean: FileValue<readonly number[]>;
  readonly std: FileValue<readonly number[]>;
}

export interface SettingFacts extends HeadFacts {
  readonly arch: string;
  readonly spelling: string;
  readonly channels: number;
  readonly usual: TrainedInput;
  /** The picture size that the file's position tables are for. */
  readonly fileSize?: FileSize;
  /** The classes of all models of this spelling. */
  readonly labels?: readonly string[] | undefined;
  /** Missing if the file holds weights alone. */
  readonly state?: TrainingState;
  /** Of a normalising module in the file, by key. */
  readonly normalizer?: FileNormalizer;
  /** Tests whether the network reads pictures of a size; missing: all sizes. */
  readonly takes?: (size: Pair) => boolean;
}
