/** @file The settings of a model: as given, as resolved, and the notes about them. */

import type { Activation } from "../cam/scores.js";
import type { FileModule } from "../checkpoint/types.js";
import type { Pair } from "../graph/types.js";
import type { ResizeName } from "../image/fit-picture.js";
import type { FileSize, TrainedInput } from "../models/arch.js";
import type { FileWords, Said } from "./file-words.js";

/** A setting that neither the caller nor the file gives. */
export interface Assumption {
  readonly what:
    | "arch"
    | "spelling"
    | "size"
    | "mean"
    | "std"
    | "labels"
    | "activation"
    | "positions"
    | "head"
    | "pooling"
    | "padding"
    | "head-activation"
    | "transform-input"
    // Of the network itself, for which there is no option.
    | "modules"
    | "forward"
    | "hooks";
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
  /** A setting, or "network" for what does not follow an option. */
  readonly what: Assumption["what"] | "resize" | "crop-pct" | "bgr" | "network";
  readonly value: unknown;
  /** Where in the file: "args.mean", "normalizer.new_mean". */
  readonly from: string;
  readonly used: boolean;
  /** Why it is not used, or how it was read. */
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
  /** Feed blue first, as models trained on cv2.imread's pictures want it. Default: what the file says, else false. */
  readonly bgr?: boolean;
  readonly labels?: readonly string[];
  /** "auto" (the default): what the file says, else what is usual for such a model. */
  readonly activation?: Activation | "auto";
}

export interface Settings {
  readonly size: Pair;
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly resize: ResizeName;
  /** Undefined: the picture is resized straight to the size. */
  readonly cropPct: number | undefined;
  readonly bgr: boolean;
  readonly labels: readonly string[] | undefined;
  readonly activation: Activation;
  readonly assumed: readonly Assumption[];
  readonly differences: readonly Difference[];
  readonly said: readonly FileWord[];
}

export interface HeadFacts {
  readonly classes: number;
  /** The head's keys are those of a Sequential that ends with a Sigmoid, as CheXNet's `classifier.0`. */
  readonly sequentialHead: boolean;
  /** Path in the file of the module that makes the logits, as "module.fc". */
  readonly head?: string;
  /** The file's modules, where it holds them. */
  readonly modules?: ReadonlyMap<string, FileModule> | undefined;
  readonly labels?: readonly string[] | undefined;
}

/** Mean and std of a normalising module in the file. */
export interface FileNormalizer {
  readonly mean: Said<readonly number[]>;
  readonly std: Said<readonly number[]>;
}

export interface ModelFacts extends HeadFacts {
  readonly arch: string;
  readonly spelling: string;
  readonly channels: number;
  readonly usual: TrainedInput;
  /** That the file's position tables are for. */
  readonly fileSize?: FileSize;
  /** The classes of all models of this spelling. */
  readonly labels?: readonly string[] | undefined;
  /** What a training state says; nothing where missing. */
  readonly words?: FileWords;
  /** Of a normalising module in the file, by key. */
  readonly normalizer?: FileNormalizer;
  /** Whether the network takes pictures of a size; any where missing. */
  readonly takes?: (size: Pair) => boolean;
}
