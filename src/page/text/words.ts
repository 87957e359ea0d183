/** @file The page's words in English and Chinese. Those of the library are in its own catalogue (src/language). */

import type { Cost } from "./methods.js";

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
  readonly methods: string;
  readonly layer: string;
  readonly settings: string;
  readonly save: string;
  readonly defaultLayer: string;
  readonly notHere: string;
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
  readonly split: string;
  readonly bare: string;
  readonly zoomIn: string;
  readonly zoomOut: string;
  readonly zoomReset: string;
  readonly heatHere: string;
  readonly gridLabels: string;
  readonly gridHint: string;
  readonly gridRun: string;
  readonly working: string;
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
  readonly flat: string;
  readonly pictures: string;
  readonly window: string;
  readonly frame: string;
  readonly apply: string;
  readonly reset: string;
  readonly groups: Readonly<Record<"Model" | "Pictures" | "Maps" | "Output" | "Running", string>>;
  readonly model: string;
  readonly classes: (count: number) => string;
  readonly fileNotes: string;
  readonly noClassifier: (file: string) => string;
  readonly removePicture: string;
  readonly shortcuts: string;
  readonly shortcutList: readonly (readonly [keys: string, what: string])[];
  readonly map: (method: string, label: string) => string;
}

const en: Words = {
  title: "gradlens",
  tagline: "What does the model look at?",
  privacy: "Everything runs in this browser. Weights and pictures never leave your machine.",
  open: "Open files",
  drop: "Drop weights, pictures or labels here",
  dropHint:
    "Weights: .safetensors, .pth, .pt, .pkl, .bin, .ckpt. Pictures: PNG, JPEG, WebP, DICOM. Labels: .txt, .json.",
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
  methods: "Methods",
  layer: "Layer",
  settings: "More",
  save: "Save",
  defaultLayer: "default",
  notHere: "Not defined here",
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
  split: "Edge between picture and map",
  bare: "Hold for the bare picture (Space)",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  zoomReset: "Whole picture",
  heatHere: "heat",
  gridLabels: "Labels",
  gridHint: "Tick methods and layers on the right. Choose a map to look at it alone.",
  gridRun: "Make the grid",
  working: "Working",
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
  flat: "The map is zero everywhere",
  pictures: "Pictures",
  window: "Window",
  frame: "Frame",
  apply: "Apply",
  reset: "Reset",
  groups: { Model: "Model", Pictures: "Picture", Maps: "Map", Output: "Drawing", Running: "Running" },
  model: "Model",
  classes: (count) => `${count} classes`,
  fileNotes: "What the file says, and what is assumed",
  noClassifier: (file) =>
    `${file} has no classifier, and this page explains scores of labels. The command explains what such a model finds alike: gradlens cam --target-image`,
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

const zh: Words = {
  title: "gradlens",
  tagline: "模型在看哪里？",
  privacy: "一切都在此浏览器中运行。权重和图像不会离开您的电脑。",
  open: "打开文件",
  drop: "将权重、图像或标签拖到此处",
  dropHint:
    "权重：.safetensors、.pth、.pt、.pkl、.bin、.ckpt。图像：PNG、JPEG、WebP、DICOM。标签：.txt、.json。",
  camera: "摄像头",
  stopCamera: "关闭摄像头",
  demo: "示例",
  language: "English",
  labels: "得分",
  labelsHint: "选择一个标签，查看模型在哪里看到它。",
  search: "搜索",
  noMatch: "没有匹配项",
  more: (count) => `还有 ${count} 个：请搜索`,
  classNumber: (index) => `类别 ${index}`,
  method: "方法",
  methods: "方法",
  layer: "层",
  settings: "更多",
  save: "保存",
  defaultLayer: "默认",
  notHere: "此处无定义",
  costs: { none: "即时", pass: "1 次计算", few: "数次计算", many: "多次计算" },
  opacity: "热度",
  threshold: "轮廓",
  off: "关",
  peak: "峰值",
  boxes: "方框",
  colours: "配色",
  overlayView: "叠加",
  splitView: "对比",
  gridView: "网格",
  split: "图像与热图的分界",
  bare: "按住查看原图（空格）",
  zoomIn: "放大",
  zoomOut: "缩小",
  zoomReset: "完整图像",
  heatHere: "热度",
  gridLabels: "标签",
  gridHint: "在右侧勾选方法和层。点击某张图可单独查看。",
  gridRun: "生成网格",
  working: "计算中",
  cancel: "取消",
  cancelled: "已取消。仍显示之前的热图。",
  loadingModel: "正在加载模型",
  readingPicture: "正在读取图像",
  explaining: "正在解释",
  starting: "正在启动引擎",
  restored: "图形设备曾丢失。现已重新打开，模型已重新加载。",
  close: "关闭",
  overlayFile: "叠加图（PNG）",
  heat8: "热图，8 位 PNG",
  heat16: "热图，16 位 PNG",
  npyFile: "热图，NumPy 数组",
  manifestFile: "manifest.json",
  zipFile: "全部打包为 zip",
  command: "等效的命令行",
  copy: "复制",
  copied: "已复制",
  notDiagnosis: "热图既不是诊断，也不是定位。它只显示是什么提高了某个模型的某个得分。",
  software: "未使用 GPU，速度会慢很多倍。",
  gpuHow:
    "请在浏览器设置中开启硬件加速并重新启动。在 Linux 上还需打开 chrome://flags/#enable-vulkan。虚拟机中可能没有 GPU。",
  noGpuTitle: "此浏览器不提供 WebGPU",
  noGpuWhat: "gradlens 使用 WebGPU 计算。获取方法如下：",
  modelTimes: (load, forward, maps) => `模型 ${load} · 前向 ${forward} · 热图 ${maps}`,
  flat: "热图处处为零",
  pictures: "图像",
  window: "窗口",
  frame: "帧",
  apply: "应用",
  reset: "重置",
  groups: { Model: "模型", Pictures: "图像", Maps: "热图", Output: "绘制", Running: "运行" },
  model: "模型",
  classes: (count) => `${count} 个类别`,
  fileNotes: "文件中的设置与假设",
  noClassifier: (file) =>
    `${file} 没有分类器，而此页面解释的是标签得分。命令行可以解释这类模型认为相似之处：gradlens cam --target-image`,
  removePicture: "移除",
  shortcuts: "键盘",
  shortcutList: [
    ["空格", "按住查看原图"],
    ["+ − 0", "放大、缩小、完整图像"],
    ["← →", "上一张、下一张图像"],
    ["g", "网格"],
    ["o", "打开文件"],
    ["/", "搜索标签"],
    ["Esc", "取消"],
  ],
  map: (method, label) => `“${label}”的 ${method}`,
};

export const WORDS = { en, zh };
export type Language = keyof typeof WORDS;
