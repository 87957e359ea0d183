/** @file What each method's map answers, in Chinese. */

import type { Catalogue } from "../say.js";

export const methods: Catalogue = {
  "Which channels raise the score, and where are they active?": "哪些通道提高得分，它们在哪里激活？",
  "The same, with weight for small areas": "同上，但兼顾小区域",
  "The same, with gradients weighted by activation": "同上，梯度按激活加权",
  "Where is the gradient positive, position by position?": "逐个位置看：哪里的梯度为正？",
  "What does each position add to the score?": "每个位置为得分贡献多少？",
  "The positive terms of HiResCAM": "HiResCAM 中的正项",
  "The main pattern of what the layer sees": "该层所见的主要模式",
  "The main pattern of gradient times activation": "梯度与激活乘积的主要模式",
  "The score of the picture seen through each channel": "透过每个通道看图片时的得分",
  "How much of the score is lost without a channel?": "去掉某个通道会损失多少得分？",
  "Grad-CAM++ averaged over noisy pictures": "对加噪图片求平均的 Grad-CAM++",
  "Grad-CAM, corrected by the score's curvature": "用得分曲率修正的 Grad-CAM",
  "What sets the label apart from its nearest labels?": "该标签与最相近标签的区别在哪里？",
  "The main pattern, by the gradient's size": "按梯度大小加权的主要模式",
  "The main pattern, found with a kernel": "用核方法找到的主要模式",
  "Where are channels far above their mean?": "通道值在哪里远高于均值？",
  "The classifier's own weights, at what it pools": "分类器自身的权重，作用于池化层",
  "Random weights: the baseline to compare with": "随机权重：用于对比的基线",
  "What picture and biases add, over all layers": "图片与所有偏置在各层的贡献",
  "Which pixels change the score most?": "哪些像素最影响得分？",
  "The same, through positive gradients only": "同上，只反传正梯度",
  "Saliency averaged over noisy pictures": "对加噪图片求平均的显著图",
  "What each pixel adds, from the mean colour on": "从平均颜色起，每个像素的贡献",
  "How much of each patch reaches the class token?": "每个 patch 的注意力有多少传到 class token？",
  "Where would more attention raise the score?": "哪里的注意力增加会提高得分？",
};
