/** @file The table of options: parsing, --help, "did you mean", settings files and docs/OPTIONS.md follow from it. */

import { MAP_OPTION_NAMES, MAP_OPTIONS, type MapOptionName } from "../cam/map-options.js";
import { DEFAULT_SIMILARITY, SIMILARITIES } from "../cam/vectors.js";
import { HEAD_ACTIVATION_NAMES } from "../models/head.js";
import { COLORMAPS } from "../image/colormaps.js";
import { CROP_PCT } from "../image/crop.js";
import { DEFAULT_RESIZE, RESIZE_NAMES } from "../image/fit-picture.js";
import { DEFAULT_MAX_PIXELS } from "../image/pixel-limit.js";
import { FIGURE_FORMAT_NAMES } from "../figure/layout/formats.js";
import { DPI } from "../figure/layout/lengths.js";
import { LANGUAGES } from "../language/languages.js";
import { BOX_FORMAT_NAMES } from "./box-formats.js";
import { DEFAULT_DEMO, DEMO_NAMES } from "./demos.js";
import type { OptionSpec, OptionValue } from "./kinds.js";

/** The names that `--labels` knows (labels.ts). */
export const BUILTIN_LABELS = ["chestxray14", "imagenet1k"] as const;

export const DEFAULT_METHOD = "gradcam";

/** The rows of MAP_OPTIONS as options of the command. */
const MAP_ROWS = Object.fromEntries(
  MAP_OPTION_NAMES.map((name) => [name, { ...MAP_OPTIONS[name], group: "Maps" }]),
) as { [K in MapOptionName]: (typeof MAP_OPTIONS)[K] & { readonly group: "Maps" } };

export const OPTIONS = {
  weights: {
    kind: "texts",
    short: "w",
    value: "FILE",
    group: "Model",
    help: "checkpoint: safetensors, or a file of torch.save; repeatable, one model after the other",
    defaultWords: "the demo model",
    typedOnly: true,
    greedy: true,
  },
  demo: {
    kind: "choice",
    choices: DEMO_NAMES,
    group: "Model",
    help: "the shipped model to use without --weights",
    default: DEFAULT_DEMO,
    typedOnly: true,
  },
  arch: {
    kind: "text",
    value: "NAME",
    group: "Model",
    help: "the architecture, where the file does not settle it",
  },
  spelling: {
    kind: "text",
    value: "NAME",
    aliases: ["dialect"],
    group: "Model",
    help: "the implementation, as torchvision or timm, where the keys fit several",
    defaultWords: "the first that fits",
  },
  labels: {
    kind: "text",
    short: "l",
    value: "FILE|NAME",
    group: "Model",
    help: `class names: a file (one a line, or JSON), ${BUILTIN_LABELS.join(" or ")}`,
    defaultWords: "the file's own",
  },
  activation: {
    kind: "choice",
    choices: ["auto", "softmax", "sigmoid", "none"],
    group: "Model",
    help: "turns logits into the scores shown",
    default: "auto",
  },
  headActivation: {
    kind: "choice",
    choices: HEAD_ACTIVATION_NAMES,
    group: "Model",
    help: "activation between the Linears of a head of several layers",
    defaultWords: "the file's own, else relu",
  },
  embedding: {
    kind: "flag",
    group: "Model",
    help: "leave the classifier out: explain what it reads, by --target-vector or --target-image",
  },
  transformInput: {
    kind: "flag",
    group: "Model",
    help: "the network turns ImageNet's mean and std into 0.5: torchvision's transform_input",
    defaultWords: "the file's own, else on for torchvision's Inception v3 and GoogLeNet",
  },
  size: {
    kind: "size",
    value: "N|HxW",
    group: "Model",
    help: "input size in pixels",
    defaultWords: "the file's own, else the architecture's",
  },
  mean: {
    kind: "numbers",
    value: "R,G,B",
    group: "Model",
    help: "mean of each input channel, for samples of 0..1 (0..255 is divided by 255)",
  },
  std: { kind: "numbers", value: "R,G,B", group: "Model", help: "standard deviation of each input channel" },
  norm: {
    kind: "choice",
    choices: ["imagenet", "half", "none"],
    group: "Model",
    help: "mean and std by name (half: 0.5 and 0.5, none: 0 and 1)",
  },
  resize: {
    kind: "choice",
    choices: RESIZE_NAMES,
    group: "Model",
    help: "resize pictures as cv2.resize or as Pillow does, bit for bit",
    defaultWords: `the file's own, else ${DEFAULT_RESIZE}`,
  },
  cropPct: {
    kind: "number",
    ...CROP_PCT,
    word: "off",
    value: "P|off",
    group: "Model",
    help: "as timm: resize the shorter side to size / P, and explain the centre",
    defaultWords: "the file's own, else off: the whole picture, resized straight to the size",
  },
  bgr: {
    kind: "flag",
    group: "Model",
    help: "feed blue first, as models trained on OpenCV's pictures expect",
  },
  stateDict: {
    kind: "text",
    value: "PATH",
    group: "Model",
    help: "the weights to use of a file with several, as model_ema (see gradlens inspect)",
    defaultWords: "the raw ones before averaged ones",
  },
  strictPickle: {
    kind: "flag",
    group: "Model",
    help: "refuse a file whose pickle names functions that exploits use (never run)",
  },
  remember: {
    kind: "flag",
    group: "Model",
    help: "keep this run's settings beside the weights, in FILE.gradlens.json, for later runs",
    typedOnly: true,
  },

  image: {
    kind: "texts",
    short: "i",
    value: "FILE",
    aliases: ["image-path"],
    group: "Pictures",
    help: "a picture, a folder, a glob, or - for stdin; repeatable",
    defaultWords: "the shipped picture",
    typedOnly: true,
    greedy: true,
  },
  maxPixels: {
    kind: "integer",
    min: 1,
    max: 2 ** 30,
    value: "N",
    group: "Pictures",
    help: "refuse pictures of more pixels than this",
    defaultWords: String(DEFAULT_MAX_PIXELS),
  },
  window: {
    kind: "numbers",
    value: "C,W",
    group: "Pictures",
    help: "DICOM and 16-bit pictures: centre and width of the values shown, as 40,400",
    defaultWords: "DICOM: the file's first, else all values of the frame; 16 bits: the upper 8",
  },
  frame: {
    kind: "integer",
    min: 1,
    max: 2 ** 31 - 1,
    value: "N",
    group: "Pictures",
    help: "DICOM: the number of the frame, from 1",
    defaultWords: "1",
  },

  method: {
    kind: "list",
    short: "m",
    value: "NAMES",
    aliases: ["methods"],
    group: "Maps",
    help: "comma list of methods or groups, as all and gradient (see gradlens methods)",
    defaultWords: DEFAULT_METHOD,
  },
  layer: {
    kind: "texts",
    value: "PATH",
    group: "Maps",
    help: "a module to explain (see gradlens layers); repeatable: the maps are averaged",
    defaultWords: "the architecture's",
  },
  layersEach: { kind: "flag", group: "Maps", help: "one map for each --layer instead of their average" },
  target: {
    kind: "texts",
    short: "t",
    value: "WHAT",
    aliases: ["targets"],
    group: "Maps",
    help: "class index, label, top3, above:0.5, all, or a list; index:2, label:2",
    defaultWords: "the highest logit; the demo has its own",
  },
  top: {
    kind: "integer",
    min: 1,
    max: 2 ** 31,
    value: "K",
    group: "Maps",
    help: "only the K targets of the highest logits, of all classes without --target",
  },
  minProbability: {
    kind: "number",
    min: 0,
    max: 1,
    value: "P",
    group: "Maps",
    help: "only targets of this score or more, of all classes without --target",
  },
  targetVector: {
    kind: "texts",
    value: "FILE.npy",
    group: "Maps",
    help: "without a classifier: explain the similarity with a vector [D] or several [N, D]; repeatable",
    typedOnly: true,
    greedy: true,
  },
  targetImage: {
    kind: "texts",
    value: "FILE",
    group: "Maps",
    help: "without a classifier: explain the similarity with another picture; repeatable",
    typedOnly: true,
    greedy: true,
  },
  similarity: {
    kind: "choice",
    choices: SIMILARITIES,
    group: "Maps",
    help: "with a vector or a picture: cosine, dot product, or 1 - cosine",
    default: DEFAULT_SIMILARITY,
  },
  ...MAP_ROWS,
  guided: { kind: "flag", group: "Maps", help: "guided backprop and guided Grad-CAM pictures as well" },

  out: {
    kind: "text",
    short: "o",
    value: "DIR",
    aliases: ["output-dir"],
    group: "Output",
    help: "results: a folder for each picture and model, and scores.csv",
    default: "out",
    typedOnly: true,
  },
  flat: {
    kind: "flag",
    group: "Output",
    help: "all files in OUT itself, under names that begin with picture and model",
    typedOnly: true,
  },
  name: {
    kind: "texts",
    value: "PATTERN",
    group: "Output",
    help: "file names of {method} {label} {image} {model} {arch} {layer} {kind}; KIND=PATTERN for one kind",
  },
  format: {
    kind: "choice",
    choices: ["png", "jpeg", "webp"],
    group: "Output",
    help: "format of overlays and guided pictures without --name",
    default: "png",
  },
  colormap: {
    kind: "choice",
    choices: COLORMAPS,
    group: "Output",
    help: "colours of the overlay",
    defaultWords: "jet; of signed maps bwr (blue to red)",
  },
  alpha: {
    kind: "number",
    min: 0,
    max: 1,
    value: "X",
    group: "Output",
    help: "share of the map in the overlay",
    default: 0.5,
  },
  overlaySize: {
    kind: "choice",
    choices: ["image", "input"],
    group: "Output",
    help: "overlays as large as the picture, or as the model's input",
    default: "image",
  },
  heat: {
    kind: "choice",
    choices: [8, 16],
    implied: "8",
    group: "Output",
    help: "the map alone as a grey PNG of 8 bits (bare --heat) or 16",
  },
  threshold: {
    kind: "threshold",
    value: "T|otsu|pP",
    group: "Output",
    help: "mask, outline and boxes of heat from a level (0.5), otsu or percentile (p95)",
  },
  minArea: {
    kind: "number",
    min: 0,
    max: 1,
    value: "X",
    group: "Output",
    help: "with --threshold: leave out regions below this share of the picture",
    defaultWords: "0",
  },
  drawBoxes: {
    kind: "flag",
    group: "Output",
    help: "with --threshold: draw the box of each region on the overlay, dashed",
  },
  boxes: {
    kind: "list",
    value: BOX_FORMAT_NAMES.join(","),
    group: "Output",
    help: "with --threshold: comma list of box files for all pictures, as boxes-MODEL.json",
  },
  truth: {
    kind: "text",
    value: "FILE",
    group: "Output",
    help: "boxes that people drew, CSV or COCO: drawn, and compared with each map",
    typedOnly: true,
  },
  npy: { kind: "flag", group: "Output", help: "the map as float32 .npy [H, W] at the input size" },
  strip: {
    kind: "flag",
    group: "Output",
    help: "one PNG per map for a paper: picture, map and overlay side by side",
  },
  grid: {
    kind: "words",
    implied: "auto",
    value: "ROWSxCOLUMNS",
    group: "Output",
    help: "all maps in OUT/grid.png; axes: method, target, layer, image, model",
    typedOnly: true,
  },
  gridFormat: {
    kind: "choice",
    choices: FIGURE_FORMAT_NAMES,
    group: "Output",
    help: "format of the grid; svg and pdf have vector text",
    default: "png",
    typedOnly: true,
  },
  dpi: {
    kind: "number",
    ...DPI,
    value: "N",
    group: "Output",
    help: "pixels an inch of the grid and of its pictures",
    defaultWords: "96; of svg and pdf 300",
    typedOnly: true,
  },
  cell: {
    kind: "text",
    value: "SIZE",
    group: "Output",
    help: "longer side of the grid's cells: 4cm, 40mm, 1.5in, 120pt, 240px",
    defaultWords: "by the pictures' sizes",
    typedOnly: true,
  },
  title: {
    kind: "text",
    value: "TEXT|none",
    group: "Output",
    help: "title of the grid; none leaves out all lines above it",
    defaultWords: "architecture and weights",
    typedOnly: true,
  },
  headings: {
    kind: "texts",
    value: "FILE|proper",
    group: "Output",
    help: "words for names on the grid: lines of NAME = WORDS; proper: Grad-CAM++ for gradcam++",
    typedOnly: true,
    greedy: true,
  },
  report: {
    kind: "flag",
    group: "Output",
    help: "one HTML page of all results, OUT/report.html; saves maps as by --heat too",
    typedOnly: true,
  },
  json: {
    kind: "flag",
    group: "Output",
    help: "print each picture's manifest as one line on stdout, a grid's files last",
    typedOnly: true,
  },
  force: {
    kind: "flag",
    group: "Output",
    help: "replace files that are in the way in the output folder",
    typedOnly: true,
  },

  adapter: {
    kind: "text",
    value: "WHICH",
    group: "Running",
    help: "auto, gpu, gpu:NAME, system or embedded (see gradlens adapters)",
    defaultWords: "$GRADLENS_ADAPTER, else auto",
  },
  batchSize: {
    kind: "integer",
    min: 1,
    max: 65_536,
    value: "N",
    group: "Running",
    help: "pictures or masks in one run of the model, where a method needs many",
  },
  memory: {
    kind: "bytes",
    value: "BYTES",
    group: "Running",
    help: "GPU memory on top of the weights for methods of many runs, as 500M",
    defaultWords: "no bound",
  },
  boundsChecks: {
    kind: "choice",
    choices: ["auto", "on", "off"],
    group: "Running",
    help: "the driver's own checks of array indexes",
    default: "auto",
    defaultWords: "auto: the faster one that is safe on the adapter",
  },
  profile: { kind: "flag", group: "Running", help: "print where the GPU's time went", typedOnly: true },
  quiet: { kind: "flag", short: "q", group: "Running", help: "print errors only", typedOnly: true },
  verbose: {
    kind: "flag",
    short: "v",
    group: "Running",
    help: "print all that is known: assumptions, notes, every file and score",
    typedOnly: true,
  },
  lang: {
    kind: "choice",
    choices: LANGUAGES,
    group: "Running",
    help: "language of messages: English or Chinese",
    defaultWords: "the system's: LC_ALL, LC_MESSAGES, LANG",
    typedOnly: true,
  },
  debug: { kind: "flag", group: "Running", help: "show stack traces", typedOnly: true },
  stats: {
    kind: "flag",
    group: "Checkpoints",
    help: "read every tensor: least, greatest and mean value; counts of NaN and infinite ones",
    typedOnly: true,
  },
  dtype: {
    kind: "choice",
    choices: ["f16", "bf16", "f32"],
    group: "Checkpoints",
    help: "element type of all float tensors; integers stay as they are",
    defaultWords: "as in the file",
    typedOnly: true,
  },

  useCuda: { kind: "flag", group: "Other", help: "accepted for pytorch-grad-cam's sake", typedOnly: true },
  device: {
    kind: "text",
    value: "NAME",
    group: "Other",
    help: "accepted for pytorch-grad-cam's sake; see --adapter",
    typedOnly: true,
  },

  version: { kind: "flag", short: "V", group: "Other", help: "print the version", typedOnly: true },
  help: { kind: "flag", short: "h", group: "Other", help: "print this", typedOnly: true },
} as const satisfies Record<string, OptionSpec>;

export type OptionName = keyof typeof OPTIONS;
type Spec<K extends OptionName> = (typeof OPTIONS)[K];

/** Options as given, each of its kind's type; an option that was not given is absent. */
export type OptionValues = { [K in OptionName]?: OptionValue<Spec<K>> };

/** Options with the defaults of the table; switches are off. */
export type FilledValues = {
  readonly [K in OptionName]:
    OptionValue<Spec<K>> | (Spec<K> extends { kind: "flag" } | { default: unknown } ? never : undefined);
};

export const OPTION_NAMES = Object.keys(OPTIONS) as OptionName[];

/** Without the options that only commands about checkpoints use. */
export const CAM_OPTION_NAMES = OPTION_NAMES.filter((name) => OPTIONS[name].group !== "Checkpoints");

/** The table's row, seen as the general type. */
export function specOf(name: OptionName): OptionSpec {
  return OPTIONS[name];
}

export function withDefaults(values: OptionValues): FilledValues {
  const filled = OPTION_NAMES.map((name) => {
    const { kind, default: value = kind === "flag" ? false : undefined } = specOf(name);
    return [name, values[name] ?? value];
  });
  return Object.fromEntries(filled) as FilledValues;
}

/** As in a settings file: `crop-pct`. */
export const spelled = (name: OptionName): string => name.replace(/[A-Z]/g, (big) => `-${big.toLowerCase()}`);

/** As on the command line: `--crop-pct`, and `--no-relu` for a switch that is on. */
export const typedName = (name: OptionName): string =>
  `--${specOf(name).default === true ? "no-" : ""}${spelled(name)}`;

/** An option's own name and its other names, in small letters. */
export const namesOf = (name: OptionName): readonly string[] => [
  spelled(name),
  ...(specOf(name).aliases ?? []),
];

/**
 * The option of a name or alias; underscores count as hyphens, and `no-` before a switch's name turns it off
 * (`negated`). Undefined where no option has this name.
 */
export function optionNamed(
  word: string,
): { readonly name: OptionName; readonly negated: boolean } | undefined {
  const wanted = word.toLowerCase().replaceAll("_", "-");
  const named = (one: string): OptionName | undefined =>
    OPTION_NAMES.find((name) => namesOf(name).includes(one));
  const name = named(wanted);
  if (name !== undefined) return { name, negated: false };
  const positive = wanted.startsWith("no-") ? named(wanted.slice(3)) : undefined;
  return positive !== undefined && specOf(positive).kind === "flag"
    ? { name: positive, negated: true }
    : undefined;
}
