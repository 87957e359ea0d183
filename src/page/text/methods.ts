/** @file What each method's map answers, in a line, and what it costs. */

import type { MethodName } from "../../cam/methods/table.js";

/** How much a method computes on top of the forward pass: nothing to speak of, a pass, a few, or many. */
export type Cost = "none" | "pass" | "few" | "many";

export const COSTS: Readonly<Record<MethodName, Cost>> = {
  gradcam: "none",
  "gradcam++": "none",
  xgradcam: "none",
  layercam: "none",
  hirescam: "none",
  elementwise: "none",
  eigencam: "none",
  eigengradcam: "none",
  scorecam: "many",
  ablationcam: "few",
  "smoothgradcam++": "few",
  shapleycam: "pass",
  finercam: "pass",
  segeigencam: "none",
  kpcacam: "none",
  fem: "none",
  cam: "none",
  randomcam: "none",
  fullgrad: "few",
  saliency: "pass",
  guided: "pass",
  smoothgrad: "many",
  integrated: "many",
  rollout: "none",
  legrad: "pass",
};

/** What the map answers. */
export const ASKS: Readonly<Record<MethodName, string>> = {
  gradcam: "Which channels raise the score, and where are they active?",
  "gradcam++": "The same, with weight for small areas",
  xgradcam: "The same, with gradients weighted by activation",
  layercam: "Where is the gradient positive, position by position?",
  hirescam: "What does each position add to the score?",
  elementwise: "The positive terms of HiResCAM",
  eigencam: "The main pattern of what the layer sees",
  eigengradcam: "The main pattern of gradient times activation",
  scorecam: "The score of the picture seen through each channel",
  ablationcam: "How much of the score is lost without a channel?",
  "smoothgradcam++": "Grad-CAM++ averaged over noisy pictures",
  shapleycam: "Grad-CAM, corrected by the score's curvature",
  finercam: "What sets the label apart from its nearest labels?",
  segeigencam: "The main pattern, by the gradient's size",
  kpcacam: "The main pattern, found with a kernel",
  fem: "Where are channels far above their mean?",
  cam: "The classifier's own weights, at what it pools",
  randomcam: "Random weights: the baseline to compare with",
  fullgrad: "What picture and biases add, over all layers",
  saliency: "Which pixels change the score most?",
  guided: "The same, through positive gradients only",
  smoothgrad: "Saliency averaged over noisy pictures",
  integrated: "What each pixel adds, from the mean colour on",
  rollout: "How much of each patch reaches the class token?",
  legrad: "Where would more attention raise the score?",
};
