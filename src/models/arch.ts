/** @file The definition of an architecture: its graph, and its data. */

import type { KeyRule } from "../checkpoint/rename-key.js";
import type { Builder, FileFacts } from "../graph/builder.js";
import type { ModuleFacts } from "../graph/file-modules.js";
import type { Shape } from "../graph/shape.js";
import type { Node, Pair } from "../graph/types.js";
import type { ActivationKind } from "./activations.js";
import type { Family } from "./family.js";
import type { NameTable } from "./spelling.js";

export interface BuildOptions extends Pick<FileFacts, "shapes" | "head" | "onParameter"> {
  /** [height, width] in pixels. */
  readonly size: Pair;
  readonly channels: number;
  /** 0: without the classifier. The output is then what it would read. */
  readonly classes: number;
  /** The implementation whose names and details the graph has. Default: the architecture's first spelling. */
  readonly spelling?: string;
  /** The checkpoint's modules under our paths, if it holds any. Layers are computed with their settings. */
  readonly modules?: ReadonlyMap<string, ModuleFacts>;
  /** No class of the implementation gives the head the name or the place that the file has. */
  readonly ownHead?: boolean;
  /** The number of features that a head of several layers, or a left-out classifier, reads. */
  readonly headFeatures?: number;
  /** torchvision's `transform_input`: the network changes the picture's normalisation first. Default true. */
  readonly transformInput?: boolean;
}

export interface ModelGraph {
  /** The normalised picture [B, H, W, C], an input named "picture". */
  readonly picture: Node;
  /** [B, classes], before any softmax or sigmoid; without a classifier the embedding [B, features]. */
  readonly logits: Node;
  /** True for a network of tokens whose head reads the mean of the patches, not a class token. */
  readonly poolsPatches?: boolean;
}

export interface TrainedInput {
  readonly size: Pair;
  /** For pixels in 0..1, by channel in RGB order. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** How pictures are resized. Default: as for most architectures. */
  readonly resize?: "pillow-bicubic";
}

/** An implementation's names of an architecture's keys and modules, and where it differs. */
export interface Spelling {
  /** Also the value of `BuildOptions.spelling`, which selects the implementation's small differences in the graph. */
  readonly name: string;
  /** Missing where the graph is built with the implementation's names. */
  readonly table?: NameTable;
  /** The key of the head's weight (in our names), if the spelling has another one. */
  readonly classesFrom?: string;
  /** The key of the first convolution's weight (in our names), if the spelling has another one. */
  readonly channelsFrom?: string;
  /** The default layer's path, if the spelling has another one. */
  readonly defaultLayer?: string;
  /** Rules beside the architecture's. */
  readonly keyRules?: readonly KeyRule[];
  /** The preprocessing of the implementation's weights, if it is not the architecture's. */
  readonly statistics?: Pick<TrainedInput, "mean" | "std"> & Partial<Pick<TrainedInput, "size">>;
  /** The value that differs from the first spelling's although the keys are the same. */
  readonly differs?: string;
  /** A key that only this spelling has, of those that a file's keys fit. It may end a longer key. */
  readonly mark?: string;
  /** A head with this number of outputs is the projection to the published embedding, not a classifier. */
  readonly projection?: number;
  /** The spelling's only model, if its keys and modules are the first spelling's. */
  readonly only?: { readonly arch: string; readonly channels: number; readonly classes: number };
  /** Its networks have torchvision's setting `transform_input`. */
  readonly mayTransformInput?: true;
  /** The classes of the implementation's models, in order. */
  readonly labels?: readonly string[];
}

/** What a spelling says of keys and layers, where each implementation has its own. */
export type SpellingKeys = Required<
  Pick<Spelling, "channelsFrom" | "classesFrom" | "defaultLayer" | "keyRules">
>;

/** The picture size that a file's position tables are for. */
export interface FileSize {
  readonly size: Pair;
  readonly because?: string;
  /** Why no size may be assumed, and what to do. `size` is then one of several that the tables fit. */
  readonly open?: string;
}

/** How a file's tables are read if their shapes are ambiguous. */
export interface TableReading {
  readonly value: string;
  readonly because: string;
}

/** Assumptions on a file's tables, its head, its pooling, and on padding that does not follow from the picture. */
export type FileAssumptions = {
  readonly [what in "positions" | "head" | "pooling" | "padding"]?: TableReading;
};

/** Reads a variant of the architecture from a file's tensors. */
export interface FileReading {
  /** Undefined where the tables say nothing. @param file all tensors of the file, by its own keys */
  readonly size: (o: BuildOptions, file: ReadonlyMap<string, Shape>) => FileSize | undefined;
  readonly assumed?: (o: BuildOptions) => FileAssumptions;
}

/** What the configuration of transformers' EfficientNet says and tensors do not show. */
export interface DepthwiseSettings {
  /** Of each stage's first block. */
  readonly strides: readonly number[];
  /** The blocks of stride 2, and those of them whose map has an odd side, which alone are padded alike on both sides. */
  readonly halving: readonly number[];
  readonly odd: readonly number[];
}

export interface ArchDef {
  readonly family: Family;
  readonly build: (b: Builder, options: BuildOptions) => ModelGraph;
  /** The preprocessing of the architecture's official weights. */
  readonly preprocessing: TrainedInput;
  /** Smallest height and width in pixels. */
  readonly minSize: number;
  /** Path of the layer explained when none is named. */
  readonly defaultLayer: string;
  /** Rules for keys of every spelling, without the wrapper's prefix. Rules of one spelling are in its table. */
  readonly keyRules?: readonly KeyRule[];
  /** The implementations whose names are read. The graph has the first one's by default. */
  readonly spellings: readonly Spelling[];
  /** Key of the head's weight, whose axis 0 is the number of classes. */
  readonly classesFrom: string;
  /** Further numbers of features that a head may read. The graph then follows from the number. */
  readonly headFeatures?: readonly number[];
  /** Key of the first convolution's weight, whose axis 1 is the number of input channels. */
  readonly channelsFrom: string;
  /** Keys of auxiliary classifiers, which run in training alone. A file may have them. */
  readonly auxiliary?: readonly string[];
  /** What differs from an architecture with the same keys and shapes, so that neither may be assumed. */
  readonly differs?: string;
  /** Its activation in timm, if members of the family differ in it. */
  readonly act?: ActivationKind;
  /** The heads of its attention, in each stage if they differ, if the file's tensors do not show them. */
  readonly heads?: number | readonly number[];
  /** The convolutions of transformers' EfficientNet, if the architecture is one. */
  readonly depthwise?: DepthwiseSettings;
  /** The epsilon of its batch norms in timm, if not PyTorch's default. */
  readonly batchNormEps?: number;
  /** The side of the attention's windows in patches, if the file's tensors may not show it. */
  readonly window?: number;
  /** Keys that hold the difference of `differs`. Files with these keys are unambiguous. */
  readonly settledBy?: RegExp;
  /**
   * The first convolution's output channels and kernel size, which differ between architectures of a family. Missing if they
   * vary.
   */
  readonly stem?: Pair;
  /** Shapes of a few parameters that differ within a family; null for one that it lacks. They are cheaper than its graph. */
  readonly tells?: Readonly<Record<string, Shape | null>>;
  /** Missing if nothing follows from the file's tensors. */
  readonly reading?: FileReading;
}

export const square = (side: number): Pair => [side, side];

export const TENSORFLOW_EPS = 1e-3;

/** torchvision's normalisation. */
export const IMAGENET: TrainedInput = {
  size: [224, 224],
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};

export const imageNetAt = (side: number): TrainedInput => ({ ...IMAGENET, size: square(side) });

/** Pixels to -1..1, as timm's ViTs and original PVT and CheXNet forks have it. */
export const HALF: TrainedInput = { size: [224, 224], mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };
