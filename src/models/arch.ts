/** @file The definition of an architecture: its graph, and its data. */

import type { KeyRule } from "../checkpoint/rename-key.js";
import type { Builder } from "../graph/builder.js";
import type { FileHead } from "../graph/file-head.js";
import type { ModuleFacts } from "../graph/file-modules.js";
import type { Shape } from "../graph/shape.js";
import type { Node, Pair } from "../graph/types.js";
import type { ActivationKind } from "./activations.js";
import type { NameTable } from "./spelling.js";

/** Every family, and what it is called. */
export const FAMILY_TITLES = {
  densenet: "DenseNet",
  resnet: "ResNet, ResNeXt, Wide ResNet",
  "resnet-d": "ResNet-C, -D, -S, -T",
  "se-resnet": "SE-ResNet, SE-ResNeXt, SENet",
  resnest: "ResNeSt",
  regnet: "RegNet",
  vgg: "VGG",
  alexnet: "AlexNet",
  squeezenet: "SqueezeNet",
  shufflenet: "ShuffleNetV2",
  inception: "Inception v3",
  googlenet: "GoogLeNet",
  xception: "Xception",
  mnasnet: "MnasNet",
  efficientnet: "EfficientNet",
  mobilenet: "MobileNet",
  convnext: "ConvNeXt, ConvNeXt V2",
  vit: "ViT, DeiT, DeiT III",
  dinov2: "DINOv2",
  beit: "BEiT, BEiT v2",
  clip: "CLIP (image tower)",
  siglip: "SigLIP (image tower)",
  swin: "Swin",
  "swin-v2": "Swin V2",
  "pvt-v2": "PVTv2",
};

export type ModelFamily = keyof typeof FAMILY_TITLES;

/** Families of attention, whose code and configuration use other terms than those of convolutional networks. */
export const TRANSFORMERS: ReadonlySet<ModelFamily> = new Set([
  "vit",
  "dinov2",
  "beit",
  "clip",
  "siglip",
  "swin",
  "swin-v2",
  "pvt-v2",
]);

/** Those whose head reads a class token, where it has one. */
export const TOKEN_READERS: ReadonlySet<ModelFamily> = new Set(["vit", "dinov2", "clip"]);

export interface BuildOptions {
  /** [height, width] in pixels. */
  readonly size: Pair;
  readonly channels: number;
  /** 0: without the classifier; the output is what it would read. */
  readonly classes: number;
  /** The implementation whose names and details the graph has. Default: the architecture's first spelling. */
  readonly spelling?: string;
  /** Shapes of the checkpoint's tensors under our keys, where a part of the graph follows from them. */
  readonly shapes?: ReadonlyMap<string, Shape>;
  /** The checkpoint's modules under our paths, where it holds them: layers are computed as they say. */
  readonly modules?: ReadonlyMap<string, ModuleFacts>;
  /** The checkpoint's head, where that has several layers. */
  readonly head?: FileHead;
  /** The file's head has a name, or a place, that no class of the implementation gives it. */
  readonly ownHead?: boolean;
  /** Without a classifier: how many features it read, where one was left out of the file. */
  readonly headFeatures?: number;
  /** Called for each parameter of the graph by our key; what it throws ends the building. */
  readonly onParameter?: (key: string, shape: Shape) => void;
  /** Whether the network changes its picture's normalisation first, where its implementation may. Default true. */
  readonly transformInput?: boolean;
}

export interface ModelGraph {
  /** The normalised picture [B, H, W, C], an input named "picture". */
  readonly picture: Node;
  /** [B, classes], before any softmax or sigmoid; without a classifier the embedding [B, features]. */
  readonly logits: Node;
  /** Of a network of tokens whose head reads the patches' mean instead of a class token. */
  readonly poolsPatches?: boolean;
}

export interface TrainedInput {
  readonly size: Pair;
  /** For pixels in 0..1, by channel in RGB order. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** How pictures are resized, where it is not as for all others. */
  readonly resize?: "pillow-bicubic";
}

/** An implementation's names of an architecture's keys and modules, and where it differs. */
export interface Spelling {
  /** Also `BuildOptions.spelling`, by which the graph has the implementation's small differences. */
  readonly name: string;
  /** Missing where the graph is built with the implementation's names. */
  readonly table?: NameTable;
  /** Where the head's weight has another key (in our names). */
  readonly classesFrom?: string;
  /** Where the first convolution's weight has another key (in our names). */
  readonly channelsFrom?: string;
  /** Where the default layer has another path. */
  readonly defaultLayer?: string;
  /** Beside the architecture's. */
  readonly keyRules?: readonly KeyRule[];
  /** Where the implementation's weights were trained with another preprocessing than the architecture's. */
  readonly statistics?: Pick<TrainedInput, "mean" | "std"> & Partial<Pick<TrainedInput, "size">>;
  /** The value that differs from the first spelling's, although the keys are the same. */
  readonly differs?: string;
  /** Of several spellings that a file's keys fit, it has this key in this one alone; it may end a longer key. */
  readonly mark?: string;
  /** A head with so many outputs is the projection that makes the published embedding, not a classifier. */
  readonly projection?: number;
  /** The only model of this spelling, where its keys and modules are the first spelling's. */
  readonly only?: { readonly arch: string; readonly channels: number; readonly classes: number };
  /** Its networks have torchvision's setting `transform_input`. */
  readonly mayTransformInput?: true;
  /** The classes of the implementation's models, in order. */
  readonly labels?: readonly string[];
}

/** The size of picture that a file's position tables are for. */
export interface FileSize {
  readonly size: Pair;
  /** Why it is this one. */
  readonly because?: string;
  /** Why none may be assumed, with what to do; `size` is then one of several that the tables fit. */
  readonly open?: string;
}

/** How a file's tables are read where their shapes are ambiguous. */
export interface TableReading {
  readonly value: string;
  readonly because: string;
}

/** What is assumed of a file's tables, of its head, of the pooling, and of padding that does not follow from the picture. */
export type FileAssumptions = {
  readonly [what in "positions" | "head" | "pooling" | "padding"]?: TableReading;
};

/** Reads from a file's tensors how an architecture with variants is built. */
export interface FileReading {
  /** Undefined where the tables say nothing. @param file all tensors of the file, by its own keys */
  readonly size: (o: BuildOptions, file: ReadonlyMap<string, Shape>) => FileSize | undefined;
  readonly assumed?: (o: BuildOptions) => FileAssumptions;
}

export interface ArchDef {
  readonly family: ModelFamily;
  /** Appends the model's graph. */
  readonly build: (b: Builder, options: BuildOptions) => ModelGraph;
  /** As the architecture's official weights were trained. */
  readonly preprocessing: TrainedInput;
  /** Smallest height and width in pixels. */
  readonly minSize: number;
  /** Path of the layer explained when none is named. */
  readonly defaultLayer: string;
  /** For keys of whatever spelling, after a wrapper's prefix was taken off; the spellings' own are in their tables. */
  readonly keyRules: readonly KeyRule[];
  /** The implementations whose names are read. Default of the graph: the first. */
  readonly spellings: readonly Spelling[];
  /** Key of the head's weight, whose axis 0 is the number of classes. */
  readonly classesFrom: string;
  /** Other numbers of features that a head may read than the published one's; the graph is then built as they tell. */
  readonly headFeatures?: readonly number[];
  /** Key of the first convolution's weight, whose axis 1 is the number of input channels. */
  readonly channelsFrom: string;
  /** Keys of classifiers beside the head that run in training alone; a file may have them. */
  readonly auxiliary?: readonly string[];
  /** What it computes otherwise than an architecture whose keys and shapes are the same, so that neither may be assumed. */
  readonly differs?: string;
  /** Activation of its MLPs in timm, where members of the family differ in it. */
  readonly act?: ActivationKind;
  /** Epsilon of its batch norms in timm, where it is not PyTorch's default. */
  readonly batchNormEps?: number;
  /** Side of the windows of attention in patches, where the file's tensors may not show it. */
  readonly window?: number;
  /** Keys that hold what `differs` is about: files with them are computed alike. */
  readonly settledBy?: RegExp;
  /** That convolution's output channels and kernel size, which tell architectures of a family apart; missing where they vary. */
  readonly stem?: Pair;
  /** Shapes of a few parameters that tell a family's members apart, null of one that it lacks: cheaper than its graph. */
  readonly tells?: Readonly<Record<string, Shape | null>>;
  /** Missing where nothing follows from the file's tensors. */
  readonly reading?: FileReading;
}

/** Epsilon of TensorFlow's batch norms. */
export const TENSORFLOW_EPS = 1e-3;

/** torchvision's normalisation. */
export const IMAGENET: TrainedInput = {
  size: [224, 224],
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};

/** Pixels to -1..1, as timm's ViTs and original PVT and CheXNet forks have it. */
export const HALF: TrainedInput = { size: [224, 224], mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };
