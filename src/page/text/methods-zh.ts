/** @file What each method's map answers, in Chinese. */

import type { MethodName } from "../../cam/methods/table.js";

export const ASKS_ZH: Readonly<Record<MethodName, string>> = {
  gradcam: "哪些通道提高得分，它们在哪里激活？",
  "gradcam++": "同上，但兼顾小区域",
  xgradcam: "同上，梯度按激活加权",
  layercam: "逐个位置看：哪里的梯度为正？",
  hirescam: "每个位置为得分贡献多少？",
  elementwise: "HiResCAM 中的正项",
  eigencam: "该层所见的主要模式",
  eigengradcam: "梯度与激活乘积的主要模式",
  scorecam: "透过每个通道看图片时的得分",
  ablationcam: "去掉某个通道会损失多少得分？",
  "smoothgradcam++": "对加噪图片求平均的 Grad-CAM++",
  shapleycam: "用得分曲率修正的 Grad-CAM",
  finercam: "该标签与最相近标签的区别在哪里？",
  segeigencam: "按梯度大小加权的主要模式",
  kpcacam: "用核方法找到的主要模式",
  fem: "通道值在哪里远高于均值？",
  cam: "分类器自身的权重，作用于池化层",
  randomcam: "随机权重：用于对比的基线",
  fullgrad: "图片与所有偏置在各层的贡献",
  saliency: "哪些像素最影响得分？",
  guided: "同上，只反传正梯度",
  smoothgrad: "对加噪图片求平均的显著图",
  integrated: "从平均颜色起，每个像素的贡献",
  rollout: "每个 patch 的注意力有多少传到 class token？",
  legrad: "哪里的注意力增加会提高得分？",
};
