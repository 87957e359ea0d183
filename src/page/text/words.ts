/** @file The page's words, in English; words-zh.ts has the Chinese ones. The library's are in its own catalogue (src/language). */

import type { Similarity } from "../../cam/vectors.js";
import type { MethodName } from "../../cam/methods/table.js";
import { ASKS, type Cost } from "./methods.js";

export interface Words {
  readonly title: string;
  readonly tagline: string;
  readonly privacy: string;
  readonly open: string;
  readonly drop: string;
  readonly dropHint: string;
  readonly camera: string;
  readonly stopCamera: string;
  readonly demo: string;
  readonly language: string;
  readonly labels: string;
  readonly labelsHint: string;
  readonly search: string;
  readonly noMatch: string;
  readonly more: (count: number) => string;
  readonly classNumber: (index: number) => string;
  readonly method: string;
  readonly layer: string;
  readonly settings: string;
  readonly save: string;
  readonly defaultLayer: string;
  readonly notHere: string;
  readonly asks: Readonly<Record<MethodName, string>>;
  readonly costs: Readonly<Record<Cost, string>>;
  readonly opacity: string;
  readonly threshold: string;
  readonly off: string;
  readonly peak: string;
  readonly boxes: string;
  readonly colours: string;
  readonly overlayView: string;
  readonly splitView: string;
  readonly gridView: string;
  readonly guidedView: string;
  readonly guidedBackprop: string;
  readonly guidedProduct: (method: string) => string;
  readonly guidedHint: string;
  readonly split: string;
  readonly bare: string;
  readonly zoomIn: string;
  readonly zoomOut: string;
  readonly zoomReset: string;
  readonly heatHere: string;
  readonly gridLabels: string;
  readonly gridHint: string;
  readonly gridRun: string;
  readonly cancel: string;
  readonly cancelled: string;
  readonly loadingModel: string;
  readonly readingPicture: string;
  readonly explaining: string;
  readonly starting: string;
  readonly restored: string;
  readonly close: string;
  readonly overlayFile: string;
  readonly heat8: string;
  readonly heat16: string;
  readonly npyFile: string;
  readonly manifestFile: string;
  readonly zipFile: string;
  readonly command: string;
  readonly copy: string;
  readonly copied: string;
  readonly notDiagnosis: string;
  readonly software: string;
  readonly gpuHow: string;
  readonly noGpuTitle: string;
  readonly noGpuWhat: string;
  readonly modelTimes: (load: string, forward: string, maps: string) => string;
  readonly flat: (why: string) => string;
  readonly pictures: string;
  readonly groups: Readonly<Record<"Model" | "Pictures" | "Maps" | "Output" | "Running", string>>;
  readonly classes: (count: number) => string;
  readonly fileNotes: string;
  readonly noClassifier: string;
  readonly compareWith: string;
  readonly compareOther: string;
  readonly similarity: string;
  readonly similarities: Readonly<Record<Similarity, string>>;
  readonly embedding: string;
  readonly embeddingValues: (length: number) => string;
  readonly messages: string;
  readonly picture: string;
  readonly view: string;
  readonly removePicture: string;
  readonly shortcuts: string;
  readonly shortcutList: readonly (readonly [keys: string, what: string])[];
  readonly map: (method: string, label: string) => string;
}

export const ENGLISH: Words = {
  title: "gradlens",
  tagline: "What does the model look at?",
  privacy: "Everything runs in this browser. Weights and pictures never leave your machine.",
  open: "Open files",
  drop: "Drop weights, pictures or labels here",
  dropHint:
    "Weights: .safetensors, .pth, .pt, .pkl, .bin, .ckpt, or a model’s folder. Pictures: PNG, JPEG, WebP, DICOM. Labels: .txt, .json.",
  camera: "Camera",
  stopCamera: "Stop camera",
  demo: "Demo",
  language: "中文",
  labels: "Scores",
  labelsHint: "Choose a label to see where the model sees it.",
  search: "Search",
  noMatch: "No match",
  more: (count) => `${count} more: search for them`,
  classNumber: (index) => `class ${index}`,
  method: "Method",
  layer: "Layer",
  settings: "More",
  save: "Save",
  defaultLayer: "default",
  notHere: "Not defined here",
  asks: ASKS,
  costs: { none: "instant", pass: "1 pass", few: "a few passes", many: "many passes" },
  opacity: "Heat",
  threshold: "Outline",
  off: "off",
  peak: "Peak",
  boxes: "Boxes",
  colours: "Colours",
  overlayView: "Overlay",
  splitView: "Compare",
  gridView: "Grid",
  guidedView: "Guided",
  guidedBackprop: "Guided backprop",
  guidedProduct: (method) => `Guided ${method}`,
  guidedHint:
    "The pixels whose change raises the score along positive gradients, and the same under the map.",
  split: "Edge between picture and map",
  bare: "Hold for the bare picture (Space)",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  zoomReset: "Whole picture",
  heatHere: "heat",
  gridLabels: "Labels",
  gridHint: "Tick methods and layers in their tabs. Choose a map to look at it alone.",
  gridRun: "Make the grid",
  cancel: "Cancel",
  cancelled: "Cancelled. The map before is still shown.",
  loadingModel: "Loading the model",
  readingPicture: "Reading the picture",
  explaining: "Explaining",
  starting: "Starting the engine",
  restored: "The graphics device was lost. It is open again, and the model is loaded.",
  close: "Close",
  overlayFile: "Overlay (PNG)",
  heat8: "Map, 8-bit PNG",
  heat16: "Map, 16-bit PNG",
  npyFile: "Map, NumPy array",
  manifestFile: "manifest.json",
  zipFile: "All as zip",
  command: "The same on the command line",
  copy: "Copy",
  copied: "Copied",
  notDiagnosis:
    "A heat map is neither a diagnosis nor a localisation. It shows what raised one score of one model.",
  software: "Running without a GPU, which is many times slower.",
  gpuHow:
    "Switch on hardware acceleration in the browser's settings and start it anew. On Linux also open chrome://flags/#enable-vulkan. In a virtual machine there may be no GPU.",
  noGpuTitle: "This browser offers no WebGPU",
  noGpuWhat: "gradlens computes with WebGPU. Here is how to get it:",
  modelTimes: (load, forward, maps) => `model ${load} · forward ${forward} · map ${maps}`,
  flat: (why) => `The map is zero everywhere: ${why}`,
  pictures: "Pictures",
  groups: { Model: "Model", Pictures: "Picture", Maps: "Map", Output: "Drawing", Running: "Running" },
  classes: (count) => `${count} classes`,
  fileNotes: "What the file says, and what is assumed",
  noClassifier:
    "The model has no classifier, so it has no labels. Methods without one show what it sees. Others explain how alike its output is to that for another picture.",
  compareWith: "Compare with a picture…",
  compareOther: "Another picture…",
  similarity: "Similarity",
  similarities: { cosine: "cosine", dot: "dot product", difference: "1 − cosine" },
  embedding: "embedding",
  embeddingValues: (length) => `embedding of ${length} values`,
  messages: "Messages",
  picture: "Picture and map",
  view: "View",
  removePicture: "Remove",
  shortcuts: "Keyboard",
  shortcutList: [
    ["Space", "hold for the bare picture"],
    ["+ − 0", "zoom in, out, whole picture"],
    ["← →", "the picture before, the next one"],
    ["g", "grid"],
    ["o", "open files"],
    ["/", "search labels"],
    ["Esc", "cancel"],
  ],
  map: (method, label) => `${method} for “${label}”`,
};
