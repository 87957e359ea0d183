/** @file Options of the model and of how it reads a picture. */

import { DEFAULT_RESIZE, RESIZE_NAMES } from "../../image/fit-picture.js";
import { CROP_PCT } from "../../image/crop.js";
import { HEAD_ACTIVATION_NAMES } from "../../models/head.js";
import { DEFAULT_DEMO, DEMO_NAMES } from "../demos.js";
import type { OptionSpec } from "../kinds.js";

/** The names that `--labels` knows (cli/options/labels.ts). */
export const BUILTIN_LABELS = ["chestxray14", "imagenet1k"] as const;

export const MODEL_ROWS = {
  weights: {
    kind: "texts",
    short: "w",
    value: "FILE",
    help: "checkpoint: safetensors, or a file of torch.save; repeatable, one model after the other",
    defaultWords: "the demo model",
    typedOnly: true,
    greedy: true,
  },
  demo: {
    kind: "choice",
    choices: DEMO_NAMES,
    help: "the shipped model to use without --weights",
    default: DEFAULT_DEMO,
    typedOnly: true,
  },
  arch: {
    kind: "text",
    value: "NAME",
    help: "the architecture, where the file does not settle it",
    defaultWords: "auto: the file's own",
  },
  spelling: {
    kind: "text",
    value: "NAME",
    aliases: ["dialect"],
    help: "the implementation, as torchvision or timm, where the keys fit several",
    defaultWords: "the first that fits",
  },
  labels: {
    kind: "text",
    short: "l",
    value: "FILE|NAME",
    help: `class names: a file (one a line, or JSON), ${BUILTIN_LABELS.join(" or ")}`,
    defaultWords: "the file's own",
  },
  activation: {
    kind: "choice",
    choices: ["auto", "softmax", "sigmoid", "none"],
    help: "turns logits into the scores shown",
    default: "auto",
  },
  headActivation: {
    kind: "choice",
    choices: HEAD_ACTIVATION_NAMES,
    help: "activation between the Linears of a head of several layers",
    defaultWords: "the file's own, else relu",
  },
  embedding: {
    kind: "flag",
    help: "leave the classifier out: explain what it reads, by --target-vector or --target-image",
  },
  transformInput: {
    kind: "flag",
    help: "the network turns ImageNet's mean and std into 0.5: torchvision's transform_input",
    defaultWords: "the file's own, else on for torchvision's Inception v3 and GoogLeNet",
  },
  size: {
    kind: "size",
    value: "N|HxW",
    help: "input size in pixels",
    defaultWords: "the file's own, else the architecture's",
  },
  mean: {
    kind: "numbers",
    value: "R,G,B",
    help: "mean of each input channel, for samples of 0..1 (0..255 is divided by 255)",
  },
  std: { kind: "numbers", value: "R,G,B", help: "standard deviation of each input channel" },
  norm: {
    kind: "choice",
    choices: ["imagenet", "half", "none"],
    help: "mean and std by name (half: 0.5 and 0.5, none: 0 and 1)",
  },
  resize: {
    kind: "choice",
    choices: RESIZE_NAMES,
    help: "resize pictures as cv2.resize or as Pillow does, bit for bit",
    defaultWords: `the file's own, else ${DEFAULT_RESIZE}`,
  },
  cropPct: {
    kind: "number",
    ...CROP_PCT,
    word: "off",
    value: "P|off",
    help: "as timm: resize the shorter side to size / P, and explain the centre",
    defaultWords: "the file's own, else off: the whole picture, resized straight to the size",
  },
  bgr: {
    kind: "flag",
    help: "feed blue first, as models trained on OpenCV's pictures expect",
  },
  stateDict: {
    kind: "text",
    value: "PATH",
    help: "the weights to use of a file with several, as model_ema (see gradlens inspect)",
    defaultWords: "the raw ones before averaged ones",
  },
  strictPickle: {
    kind: "flag",
    help: "refuse a file whose pickle names functions that exploits use (never run)",
  },
  remember: {
    kind: "flag",
    help: "keep this run's settings beside the weights, in FILE.gradlens.json, for later runs",
    typedOnly: true,
  },
} as const satisfies Record<string, OptionSpec>;
