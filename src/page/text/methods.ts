/** @file What each method's map answers, in a line, and what it costs. */

import type { MethodName } from "../../cam/methods/table.js";

/** How much a method computes on top of the forward pass: nothing to speak of, a pass, a few, or many. */
export type Cost = "none" | "pass" | "few" | "many";

export interface MethodWords {
  readonly cost: Cost;
  readonly en: string;
  readonly zh: string;
}

export const METHOD_WORDS: Readonly<Record<MethodName, MethodWords>> = {
  gradcam: {
    cost: "none",
    en: "Which channels raise the score, and where are they active?",
    zh: "哪些通道提高得分，它们在哪里激活？",
  },
  "gradcam++": { cost: "none", en: "The same, with weight for small areas", zh: "同上，但兼顾小区域" },
  xgradcam: {
    cost: "none",
    en: "The same, with gradients weighted by activation",
    zh: "同上，梯度按激活加权",
  },
  layercam: {
    cost: "none",
    en: "Where is the gradient positive, position by position?",
    zh: "逐个位置看：哪里的梯度为正？",
  },
  hirescam: { cost: "none", en: "What does each position add to the score?", zh: "每个位置为得分贡献多少？" },
  elementwise: { cost: "none", en: "The positive terms of HiResCAM", zh: "HiResCAM 中的正项" },
  eigencam: { cost: "none", en: "The main pattern of what the layer sees", zh: "该层所见的主要模式" },
  eigengradcam: {
    cost: "none",
    en: "The main pattern of gradient times activation",
    zh: "梯度与激活乘积的主要模式",
  },
  scorecam: {
    cost: "many",
    en: "The score of the picture seen through each channel",
    zh: "透过每个通道看图像时的得分",
  },
  ablationcam: {
    cost: "few",
    en: "How much of the score is lost without a channel?",
    zh: "去掉某个通道会损失多少得分？",
  },
  "smoothgradcam++": {
    cost: "few",
    en: "Grad-CAM++ averaged over noisy pictures",
    zh: "对加噪图像求平均的 Grad-CAM++",
  },
  shapleycam: {
    cost: "pass",
    en: "Grad-CAM, corrected by the score's curvature",
    zh: "用得分曲率修正的 Grad-CAM",
  },
  finercam: {
    cost: "pass",
    en: "What sets the label apart from its nearest labels?",
    zh: "该标签与最相近标签的区别在哪里？",
  },
  segeigencam: { cost: "none", en: "The main pattern, by the gradient's size", zh: "按梯度大小的主要模式" },
  kpcacam: { cost: "none", en: "The main pattern, found with a kernel", zh: "用核方法找到的主要模式" },
  fem: { cost: "none", en: "Where are channels far above their mean?", zh: "通道值在哪里远高于均值？" },
  cam: {
    cost: "none",
    en: "The classifier's own weights, at what it pools",
    zh: "分类器自身的权重，作用于池化层",
  },
  randomcam: {
    cost: "none",
    en: "Random weights: the baseline to compare with",
    zh: "随机权重：用于对比的基线",
  },
  fullgrad: {
    cost: "few",
    en: "What picture and biases add, over all layers",
    zh: "图像与所有偏置在各层的贡献",
  },
  saliency: { cost: "pass", en: "Which pixels change the score most?", zh: "哪些像素最影响得分？" },
  guided: { cost: "pass", en: "The same, through positive gradients only", zh: "同上，只经过正梯度" },
  smoothgrad: { cost: "many", en: "Saliency averaged over noisy pictures", zh: "对加噪图像求平均的显著图" },
  integrated: {
    cost: "many",
    en: "What each pixel adds, from the mean colour on",
    zh: "从平均颜色起，每个像素的贡献",
  },
  rollout: {
    cost: "none",
    en: "How much of each patch reaches the class token?",
    zh: "每个图块有多少到达类别标记？",
  },
  legrad: {
    cost: "pass",
    en: "Where would more attention raise the score?",
    zh: "哪里的注意力增加会提高得分？",
  },
};
