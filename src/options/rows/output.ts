/** @file Options of the files that are written. */

import { FIGURE_FORMAT_NAMES } from "../../figure/layout/formats.js";
import { DPI } from "../../figure/layout/lengths.js";
import { COLORMAPS } from "../../image/colormaps.js";
import { BOX_FORMAT_NAMES } from "../box-formats.js";
import type { OptionSpec } from "../kinds.js";

export const OUTPUT_ROWS = {
  out: {
    kind: "text",
    short: "o",
    value: "DIR",
    aliases: ["output-dir"],
    help: "results: a folder for each picture and model, and scores.csv",
    default: "out",
    typedOnly: true,
  },
  flat: {
    kind: "flag",
    help: "all files in OUT itself, under names that begin with picture and model",
    typedOnly: true,
  },
  name: {
    kind: "texts",
    value: "PATTERN",
    help: "file names of {method} {label} {image} {model} {arch} {layer} {kind}; KIND=PATTERN for one kind",
  },
  format: {
    kind: "choice",
    choices: ["png", "jpeg", "webp"],
    help: "format of overlays and guided pictures without --name",
    default: "png",
  },
  colormap: {
    kind: "choice",
    choices: COLORMAPS,
    help: "colours of the overlay",
    defaultWords: "jet; of signed maps bwr (blue to red)",
  },
  alpha: {
    kind: "number",
    min: 0,
    max: 1,
    value: "X",
    help: "share of the map in the overlay",
    default: 0.5,
  },
  overlaySize: {
    kind: "choice",
    choices: ["image", "input"],
    help: "overlays as large as the picture, or as the model's input",
    default: "image",
  },
  heat: {
    kind: "choice",
    choices: [8, 16],
    implied: "8",
    help: "the map alone as a grey PNG of 8 bits (bare --heat) or 16",
  },
  threshold: {
    kind: "threshold",
    value: "T|otsu|pP",
    help: "mask, outline and boxes of heat from a level (0.5), otsu or percentile (p95)",
  },
  minArea: {
    kind: "number",
    min: 0,
    max: 1,
    value: "X",
    help: "with --threshold: leave out regions below this share of the picture",
    defaultWords: "0",
  },
  drawBoxes: {
    kind: "flag",
    help: "with --threshold: draw the box of each region on the overlay, dashed",
  },
  boxes: {
    kind: "list",
    value: BOX_FORMAT_NAMES.join(","),
    help: "with --threshold: comma list of box files for all pictures, as boxes-MODEL.json",
  },
  truth: {
    kind: "text",
    value: "FILE",
    help: "boxes that people drew, CSV or COCO: drawn, and compared with each map",
    typedOnly: true,
  },
  npy: { kind: "flag", help: "the map as float32 .npy [H, W] at the input size" },
  strip: {
    kind: "flag",
    help: "one PNG per map for a paper: picture, map and overlay side by side",
  },
  grid: {
    kind: "words",
    implied: "auto",
    value: "ROWSxCOLUMNS",
    help: "all maps in OUT/grid.png; axes: method, target, layer, image, model",
    typedOnly: true,
  },
  gridFormat: {
    kind: "choice",
    choices: FIGURE_FORMAT_NAMES,
    help: "format of the grid; svg and pdf have vector text",
    default: "png",
    typedOnly: true,
  },
  dpi: {
    kind: "number",
    ...DPI,
    value: "N",
    help: "pixels an inch of the grid and of its pictures",
    defaultWords: "96; of svg and pdf 300",
    typedOnly: true,
  },
  cell: {
    kind: "text",
    value: "SIZE",
    help: "longer side of the grid's cells: 4cm, 40mm, 1.5in, 120pt, 240px",
    defaultWords: "by the pictures' sizes",
    typedOnly: true,
  },
  title: {
    kind: "text",
    value: "TEXT|none",
    help: "title of the grid; none leaves out all lines above it",
    defaultWords: "architecture and weights",
    typedOnly: true,
  },
  headings: {
    kind: "texts",
    value: "FILE|proper",
    help: "words for names on the grid: lines of NAME = WORDS; proper: Grad-CAM++ for gradcam++",
    typedOnly: true,
    greedy: true,
  },
  report: {
    kind: "flag",
    help: "one HTML page of all results, OUT/report.html; saves maps as by --heat too",
    typedOnly: true,
  },
  json: {
    kind: "flag",
    help: "print each picture's manifest as one line on stdout, a grid's files last",
    typedOnly: true,
  },
  force: {
    kind: "flag",
    help: "replace files that are in the way in the output folder",
    typedOnly: true,
  },
} as const satisfies Record<string, OptionSpec>;
