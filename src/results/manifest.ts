/**
 * @file manifest.json: the contents of a folder of results and their origin. manifest.schema.json describes it for other programs.
 * It is written last, so its presence means that all files it names are complete.
 */

import type { ChannelShare } from "../cam/methods/channel-weights.js";
import type { Similarity } from "../cam/vectors.js";
import type { Region } from "../image/regions.js";
import type { Box } from "../image/rle.js";
import type { ColormapName } from "../image/colormaps.js";
import type { Size } from "../image/picture.js";
import type { Threshold } from "../image/threshold.js";
import type { ModelPreprocessing } from "../library/settings/model-description.js";
import type { Assumption, Difference, FileWord } from "../library/settings/settings.js";
import type { PictureView } from "./picture-view.js";
import type { TruthRecord } from "./truth.js";
import type { UnusedRecord } from "./unused-tensors.js";
import type { Variation } from "./variation.js";

export const MANIFEST_NAME = "manifest.json";
/** The output of a model without a classifier. */
export const EMBEDDING_NAME = "embedding.npy" as const;
export const FORMAT = "gradlens-manifest";
export const FORMAT_VERSION = 1;

export interface TargetRecord {
  readonly index: number;
  readonly label?: string;
  readonly logit: number;
  readonly score: number;
  /** The vector to compare with, for a model without a classifier. */
  readonly vector?: VectorRecord;
}

/** A vector to compare with: a row of a file, or the output for another picture. */
export interface VectorRecord {
  /** Without folders. */
  readonly file: string;
  readonly sha256: string;
  /** The row in the file, from 0; absent if the file has one row. */
  readonly row?: number;
  readonly similarity: Similarity;
}

/** The rendering of a map as an overlay; part of a map's record in the manifest. */
export interface Rendering {
  readonly colormap: ColormapName;
  readonly alpha: number;
  readonly overlaySize: "image" | "input";
  /** Regions from this heat on are outlined. */
  readonly threshold?: Threshold;
  /** With a threshold: the least region, as a share of the picture. */
  readonly minArea?: number;
  /** Draw the regions' boxes too. */
  readonly drawBoxes?: true;
  /** The boxes that people drew of the map's label, in the original picture's pixels. */
  readonly truth?: readonly Box[];
}

/** The regions of a map, in the original picture's pixels. */
export interface RegionsRecord extends Required<Pick<Rendering, "threshold" | "minArea">> {
  /** The least heat of a region's pixels. */
  readonly level: number;
  /** The hottest first. */
  readonly found: readonly Region[];
}

/** The output of a model without a classifier. */
export interface EmbeddingRecord {
  /** The number of its values. */
  readonly length: number;
  /** The path of the classifier that was left out; absent where the weights file has none. */
  readonly without?: string;
  /** The values for this picture. */
  readonly npy: typeof EMBEDDING_NAME;
  /** The vectors that it is compared with; absent without any. */
  readonly vectors?: readonly VectorRecord[];
}

/** One heat map, and the names of its files in the folder. */
export interface MapRecord extends Variation {
  readonly method: string;
  readonly layers: readonly string[];
  readonly target: TargetRecord;
  /** With topChannels, for each of `layers`: the number of scored channels, and their share of the variance. */
  readonly channels?: readonly ChannelShare[];
  readonly rendering: Rendering;
  readonly overlay: string;
  readonly heat?: string;
  readonly heatBits?: 8 | 16;
  readonly npy?: string;
  /** The regions as a black and white picture. */
  readonly mask?: string;
  /** Present if `mask` is. */
  readonly regions?: RegionsRecord;
  /** The guided Grad-CAM picture. */
  readonly guided?: string;
  /** For a method of the picture's gradient: the gradient as a picture. */
  readonly gradient?: string;
  /** Picture, map, overlay and guided Grad-CAM in a row. */
  readonly strip?: string;
  /** The hottest pixel, in the original picture's pixels. */
  readonly peak: readonly [x: number, y: number];
  /** The map's agreement with the boxes that people drew; present if `rendering` has them. */
  readonly truth?: TruthRecord;
  /** The border that holds the peak, if one does. */
  readonly peakNote?: string;
  /** For a signed map: no value is positive. */
  readonly noHeat?: string;
  /** The reason why the map is zero everywhere. */
  readonly flat?: string;
}

/** A requested method that is not defined at these layers, or does not fit the memory. */
export interface RefusalRecord {
  readonly method: string;
  readonly layers: readonly string[];
  readonly reason: string;
}

/** One guided-backprop picture. */
export interface GuidedRecord {
  readonly target: TargetRecord;
  readonly picture: string;
}

export interface Manifest {
  readonly format: typeof FORMAT;
  readonly formatVersion: typeof FORMAT_VERSION;
  readonly versions: Readonly<Record<string, string>>;
  readonly adapter: {
    readonly name: string;
    readonly kind: string;
    readonly vendor: string;
    readonly architecture: string;
    readonly boundsChecks: boolean;
  };
  readonly weights: { readonly file: string; readonly bytes: number; readonly sha256: string };
  /** `file` is null for a picture from stdin. */
  readonly picture: { readonly file: string | null; readonly sha256: string } & Size & PictureView;
  readonly arch: string;
  readonly spelling: string;
  readonly layers: readonly string[];
  readonly preprocessing: ModelPreprocessing & { readonly channels: number };
  readonly assumed: readonly Assumption[];
  /** Facts in the weights file beside weights and metadata. Absent in manifests of earlier versions. */
  readonly said?: readonly FileWord[];
  /** Settings that differ from those of the architecture's official weights. */
  readonly differences: readonly Difference[];
  /** Tensors of the weights file that no parameter uses. Absent in manifests of earlier versions. */
  readonly unused?: readonly UnusedRecord[];
  /** Prefixes of further copies of the whole model in the weights file; absent without any. */
  readonly alternatives?: readonly string[];
  /** What is notable of the weights file and how it is read; absent without any. */
  readonly notes?: readonly string[];
  readonly labels: readonly string[] | null;
  readonly activation: string;
  /** Without a classifier: the similarities with `labels`, or the embedding's length if there are no vectors. */
  readonly logits: readonly number[];
  readonly scores: readonly number[];
  readonly embedding?: EmbeddingRecord;
  readonly dir: string;
  readonly timings: Readonly<Record<string, number>>;
  readonly maps: readonly MapRecord[];
  readonly guided: readonly GuidedRecord[];
  /** Absent in manifests of earlier versions. */
  readonly refused?: readonly RefusalRecord[];
  /** The SHA-256 of each file that gradlens wrote to this folder. Absent in manifests of earlier versions. */
  readonly files?: FileHashes;
  /** Files that an interrupted run was moving into the folder. They may be complete, but no record names them. */
  readonly writing?: FileHashes;
}

/** SHA-256 by file name. */
export type FileHashes = Readonly<Record<string, string>>;

/** Adds the format and its version. */
export function manifestOf(facts: Omit<Manifest, "format" | "formatVersion">): Manifest {
  return { format: FORMAT, formatVersion: FORMAT_VERSION, ...facts };
}

/** A float32 with nine digits, which identify it. */
export function shortNumber(value: number): number {
  return Number(value.toPrecision(9));
}
