/** @file The table of options: parsing, --help, "did you mean", settings files and the README's list come from it. */

import { ROLLOUT_HEADS } from "../../cam/methods/rollout-options.js";
import { INPUT_HEATS } from "../../cam/request/gradient-heat.js";
import { COLORMAPS } from "../../image/colormaps.js";
import { CROP_PCT } from "../../image/crop.js";
import { DEFAULT_RESIZE, RESIZE_NAMES } from "../../image/fit-picture.js";
import { DEFAULT_MAX_PIXELS } from "../../image/pixel-limit.js";
import { BOX_FORMAT_NAMES } from "../results/boxes.js";
import type { OptionSpec, OptionValue } from "./kinds.js";

/** What `--labels` knows by name (src/cli/options/labels.ts). */
export const BUILTIN_LABELS = ["chestxray14", "imagenet1k"] as const;

/** What `--demo` knows (src/cli/inputs/weights.ts). */
export const DEMO_NAMES = ["densenet", "pvt"] as const;

export const DEFAULT_METHOD = "gradcam";

export const OPTIONS = {
  weights: {
    kind: "texts",
    value: "FILE",
    group: "Model",
    help: "checkpoint: safetensors, or what torch.save wrote; repeatable, one model after the other",
    default: "the demo model",
    typedOnly: true,
    greedy: true,
  },
  demo: {
    kind: "choice",
    choices: DEMO_NAMES,
    value: DEMO_NAMES.join("|"),
    group: "Model",
    help: "which of the shipped models, where --weights is not given",
    default: DEMO_NAMES[0],
    typedOnly: true,
  },
  arch: {
    kind: "text",
    value: "NAME",
    group: "Model",
    help: "the architecture, where the file does not settle it",
  },
  dialect: {
    kind: "text",
    value: "NAME",
    group: "Model",
    help: "whose implementation it is, as torchvision or timm, where keys fit several (layers may differ)",
    default: "the first that fits",
  },
  labels: {
    kind: "text",
    value: "FILE|NAME",
    group: "Model",
    help: `class names: a file (one a line, or JSON) or ${BUILTIN_LABELS.join(" or ")}`,
    default: "the file's own",
  },
  activation: {
    kind: "choice",
    choices: ["auto", "softmax", "sigmoid", "none"],
    value: "auto|softmax|sigmoid|none",
    group: "Model",
    help: "what turns logits into the scores shown",
    default: "auto",
  },
  size: {
    kind: "size",
    value: "N|HxW",
    group: "Model",
    help: "input size in pixels",
    default: "the file's own, else the architecture's",
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
    value: "imagenet|half|none",
    group: "Model",
    help: "mean and std by name (half: 0.5 and 0.5, none: 0 and 1)",
  },
  resize: {
    kind: "choice",
    choices: RESIZE_NAMES,
    value: RESIZE_NAMES.join("|"),
    group: "Model",
    help: "how pictures are resized: as cv2.resize or as Pillow does it, bit for bit",
    default: `the file's own, else ${DEFAULT_RESIZE}`,
  },
  "crop-pct": {
    kind: "number",
    ...CROP_PCT,
    word: "off",
    value: "P|off",
    group: "Model",
    help: "as timm: the shorter side becomes size / P, and the centre is explained",
    default: "the file's own, else off: all of the picture, resized straight to the size",
  },
  bgr: {
    kind: "flag",
    group: "Model",
    help: "feed blue first, as models trained on OpenCV's pictures expect",
  },
  "state-dict": {
    kind: "text",
    value: "PATH",
    group: "Model",
    help: "which weights of a file that holds several, as model_ema (gradlens inspect names them)",
    default: "the raw ones before averaged ones",
  },
  "strict-pickle": {
    kind: "flag",
    group: "Model",
    help: "refuse a file whose pickle names functions that exploits use (they are never run)",
  },
  remember: {
    kind: "flag",
    group: "Model",
    help: "keep this run's settings in FILE.gradlens.json beside the weights FILE, for later runs",
    typedOnly: true,
  },

  image: {
    kind: "texts",
    value: "FILE",
    aliases: ["image-path"],
    group: "Pictures",
    help: "a picture, a folder, a glob, or - for stdin; repeatable",
    default: "the shipped picture",
    typedOnly: true,
    greedy: true,
  },
  "max-pixels": {
    kind: "integer",
    min: 1,
    max: 2 ** 30,
    value: "N",
    group: "Pictures",
    help: "refuse pictures of more pixels than this",
    default: String(DEFAULT_MAX_PIXELS),
  },
  window: {
    kind: "numbers",
    value: "C,W",
    group: "Pictures",
    help: "centre and width of the values shown, as 40,400: DICOM and 16-bit pictures",
    default: "of DICOM the file's first, else all values of the frame; of 16 bits the upper 8",
  },
  frame: {
    kind: "integer",
    min: 1,
    max: 2 ** 31 - 1,
    value: "N",
    group: "Pictures",
    help: "DICOM: which frame, from 1",
    default: "1",
  },

  method: {
    kind: "list",
    value: "NAMES",
    aliases: ["methods"],
    group: "Maps",
    help: "comma list of methods or groups, as all and gradient (see gradlens methods)",
    default: DEFAULT_METHOD,
  },
  layer: {
    kind: "texts",
    value: "PATH",
    group: "Maps",
    help: "a module to look at (gradlens layers lists them); repeatable, then averaged",
    default: "the architecture's",
  },
  "layers-each": { kind: "flag", group: "Maps", help: "one map for each --layer instead of their average" },
  target: {
    kind: "texts",
    value: "WHAT",
    aliases: ["targets"],
    group: "Maps",
    help: "class index, label, top3, above:0.5, all, or a list; index:2, label:2 if labels are numbers",
    default: "the highest logit; of the demo the top three",
  },
  top: {
    kind: "integer",
    min: 1,
    max: 2 ** 31,
    value: "K",
    group: "Maps",
    help: "of the targets (all, where none is named) the K of the highest logits",
  },
  "min-probability": {
    kind: "number",
    min: 0,
    max: 1,
    value: "P",
    group: "Maps",
    help: "of the targets (all, where none is named) those of this score or more",
  },
  "aug-smooth": {
    kind: "flag",
    group: "Maps",
    help: "mean over six scaled and mirrored versions of the picture",
  },
  "eigen-smooth": {
    kind: "flag",
    group: "Maps",
    help: "first principal component of the weighted activations",
  },
  "top-channels": {
    kind: "integer",
    min: 1,
    max: 2 ** 31,
    value: "K",
    group: "Maps",
    help: "scorecam: only the K channels whose values vary most",
    default: "all",
  },
  score: {
    kind: "choice",
    choices: ["logit", "probability"],
    value: "logit|probability",
    group: "Maps",
    help: "what scorecam and ablationcam compare: the raw output, or that through the activation",
    default: "logit",
  },
  "input-heat": {
    kind: "choice",
    choices: INPUT_HEATS,
    value: INPUT_HEATS.join("|"),
    group: "Maps",
    help: "saliency, guided, smoothgrad, integrated: a pixel's largest magnitude, or the sum over its colours",
    default: "absolute",
  },
  "rollout-heads": {
    kind: "choice",
    choices: ROLLOUT_HEADS,
    value: ROLLOUT_HEADS.join("|"),
    group: "Maps",
    help: "rollout: how the attention heads of a layer become one",
    default: "mean",
  },
  "discard-ratio": {
    kind: "number",
    min: 0,
    max: 0.9999,
    value: "X",
    group: "Maps",
    help: "rollout: the share of each layer's smallest attentions that count as none",
    default: "0",
  },
  seed: {
    kind: "integer",
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    value: "N",
    group: "Maps",
    help: "for methods that draw numbers: the same seed gives the same map",
    default: "0",
  },
  "no-relu": {
    kind: "flag",
    group: "Maps",
    help: "keep negative values, which speak against a label: -1..1, blue to red",
  },
  "compare-scale": {
    kind: "choice",
    choices: ["own", "shared"],
    value: "own|shared",
    group: "Maps",
    help: "scale each map by itself, or all targets' maps by the strongest",
    default: "own",
  },
  guided: { kind: "flag", group: "Maps", help: "guided backprop and guided Grad-CAM pictures as well" },

  out: {
    kind: "text",
    value: "DIR",
    aliases: ["output-dir"],
    group: "Output",
    help: "where results go: a folder for each picture and model, and scores.csv with all scores",
    default: "out",
    typedOnly: true,
  },
  name: {
    kind: "text",
    value: "PATTERN",
    group: "Output",
    help: "file names of overlays: {method} {label} {image} {arch} {layer}, ending in .png or .jpg",
  },
  colormap: {
    kind: "choice",
    choices: COLORMAPS,
    value: COLORMAPS.join("|"),
    group: "Output",
    help: "colours of the overlay; default for signed maps: bwr (blue to red)",
    default: "jet",
  },
  alpha: {
    kind: "number",
    min: 0,
    max: 1,
    value: "X",
    group: "Output",
    help: "share of the map in the overlay",
    default: "0.5",
  },
  "overlay-size": {
    kind: "choice",
    choices: ["image", "input"],
    value: "image|input",
    group: "Output",
    help: "overlays as large as the picture, or as the model's input",
    default: "image",
  },
  heat: {
    kind: "choice",
    choices: ["8", "16"],
    implied: "8",
    value: "8|16",
    group: "Output",
    help: "the map alone as a grey PNG of 8 (as bare --heat) or 16 bits",
  },
  threshold: {
    kind: "text",
    value: "T|otsu|pP",
    group: "Output",
    help: "mask, outline and boxes of heat above a level (0.5), otsu or a percentile (p95)",
  },
  "min-area": {
    kind: "number",
    min: 0,
    max: 1,
    value: "X",
    group: "Output",
    help: "with --threshold: leave out regions of less than this share of the picture",
    default: "0",
  },
  "draw-boxes": {
    kind: "flag",
    group: "Output",
    help: "with --threshold: draw the box of each region on the overlay too, dashed",
  },
  boxes: {
    kind: "list",
    value: BOX_FORMAT_NAMES.join(","),
    group: "Output",
    help: "with --threshold: comma list of box files for all pictures, boxes-MODEL.json and so on",
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
    help: "all maps in one labelled picture, OUT/grid.png; axes: method, target, layer, image, model",
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
    help: "replace what is in the way in the output folder",
    typedOnly: true,
  },

  adapter: {
    kind: "text",
    value: "WHICH",
    group: "Running",
    help: "auto, gpu, gpu:NAME, system or embedded (gradlens adapters lists them)",
    default: "$GRADLENS_ADAPTER, else auto",
  },
  "batch-size": {
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
    default: "no bound",
  },
  "bounds-checks": {
    kind: "choice",
    choices: ["on", "off"],
    value: "on|off",
    group: "Running",
    help: "the driver's own checks of array indexes",
    default: "what is faster and safe on the adapter",
  },
  profile: { kind: "flag", group: "Running", help: "print where the GPU's time went", typedOnly: true },
  quiet: { kind: "flag", group: "Running", help: "print nothing but errors", typedOnly: true },
  debug: {
    kind: "flag",
    group: "Running",
    help: "show stack traces",
    typedOnly: true,
  },
  stats: {
    kind: "flag",
    group: "Checkpoints",
    help: "read every tensor: its least, greatest and mean value, how many are NaN or infinite",
    typedOnly: true,
  },
  dtype: {
    kind: "choice",
    choices: ["f16", "bf16", "f32"],
    value: "f16|bf16|f32",
    group: "Checkpoints",
    help: "element type of all float tensors; integers stay as they are",
    default: "as in the file",
    typedOnly: true,
  },

  "use-cuda": { kind: "flag", group: "Other", help: "accepted for pytorch-grad-cam's sake", typedOnly: true },
  device: {
    kind: "text",
    value: "NAME",
    group: "Other",
    help: "accepted for pytorch-grad-cam's sake; see --adapter",
    typedOnly: true,
  },

  version: { kind: "flag", group: "Other", help: "print the version", typedOnly: true },
  help: { kind: "flag", group: "Other", help: "print this", typedOnly: true },
} as const satisfies Record<string, OptionSpec>;

export type OptionName = keyof typeof OPTIONS;

/** Options as given, each as its kind says; what was not given is absent. */
export type Values = { [K in OptionName]?: OptionValue<(typeof OPTIONS)[K]> };

export const OPTION_NAMES = Object.keys(OPTIONS) as OptionName[];

/** Those that only commands about checkpoints take. */
export const CAM_OPTION_NAMES = OPTION_NAMES.filter((name) => OPTIONS[name].group !== "Checkpoints");

/** The table's row, seen as the general type. */
export function specOf(name: OptionName): OptionSpec {
  return OPTIONS[name];
}
