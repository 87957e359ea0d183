/** @file The texts of the report's page in each language. */

import type { ReportTruth } from "../data.js";

const counted = (n: number, word: string): string => `${n} ${word}${n === 1 ? "" : "s"}`;
const iouText = (iou: number | undefined): string => (iou === undefined ? "" : ` · IoU ${iou.toFixed(2)}`);

const EN = {
  summary: (pictures: number, maps: number, models: number) =>
    [counted(pictures, "picture"), counted(maps, "map"), counted(models, "model")].join(", "),
  made: (date: string, version: string) => `Made ${date} by gradlens ${version}`,
  find: "Find a picture",
  label: "Label",
  method: "Method",
  model: "Model",
  all: "All",
  leastScore: "Least score",
  sort: "Sort by",
  byName: "Name",
  byHighScore: "Score, highest first",
  byLowScore: "Score, lowest first",
  byPeak: "Peak, nearest to a border first",
  show: "Show",
  everything: "Every map",
  withHeat: "Maps with heat",
  withNotes: "Maps with remarks",
  opacity: "Opacity",
  colors: "Colour map",
  asSaved: "As saved",
  truth: "Drawn boxes",
  agreement: ({ hit, iou }: Pick<ReportTruth, "hit" | "iou">) =>
    (hit ? "Peak in a drawn box" : "Peak outside the drawn boxes") + iouText(iou),
  print: "Print",
  language: "中文",
  shown: (maps: number, pictures: number) => `${counted(maps, "map")} of ${counted(pictures, "picture")}`,
  nothing: "No map fits these filters.",
  flat: "Zero everywhere",
  scores: "Scores",
  settings: "Settings",
  picture: "picture",
  assumed: "Assumed",
  files: "Files",
  manifest: "manifest",
  refused: "Not computed",
  close: "Close",
  previous: "Previous",
  next: "Next",
  details: (name: string) => `Details of ${name}`,
  caution: "A heat map shows what the model used. It is neither a diagnosis nor a localisation.",
};

export type Texts = typeof EN;

const ZH: Texts = {
  summary: (pictures, maps, models) => `${pictures} 张图片，${maps} 张热力图，${models} 个模型`,
  made: (date, version) => `由 gradlens ${version} 生成于 ${date}`,
  find: "查找图片",
  label: "类别",
  method: "方法",
  model: "模型",
  all: "全部",
  leastScore: "最低得分",
  sort: "排序",
  byName: "名称",
  byHighScore: "得分从高到低",
  byLowScore: "得分从低到高",
  byPeak: "峰值离边缘最近的在前",
  show: "显示",
  everything: "所有热力图",
  withHeat: "有响应的热力图",
  withNotes: "有备注的热力图",
  opacity: "不透明度",
  colors: "配色",
  asSaved: "与保存时一致",
  truth: "标注框",
  agreement: ({ hit, iou }) => (hit ? "峰值在标注框内" : "峰值在标注框外") + iouText(iou),
  print: "打印",
  language: "English",
  shown: (maps, pictures) => `${pictures} 张图片的 ${maps} 张热力图`,
  nothing: "没有符合筛选条件的热力图。",
  flat: "全图为零",
  scores: "得分",
  settings: "设置",
  picture: "图片",
  assumed: "假定",
  files: "文件",
  manifest: "清单",
  refused: "未计算",
  close: "关闭",
  previous: "上一张",
  next: "下一张",
  details: (name) => `${name} 的详情`,
  caution: "热力图只说明模型依据了哪些区域，既不是诊断，也不是病灶定位。",
};

export const LANGUAGES = { en: EN, zh: ZH } as const;
export type ReportLanguage = keyof typeof LANGUAGES;

/** The browser's language if it is supported, else English. */
export const preferredLanguage = (): ReportLanguage => (navigator.language.startsWith("zh") ? "zh" : "en");
