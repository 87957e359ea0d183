/** @file The table of CAM methods: what `--method` may name. */

import type { DirectMethod, LayerMethod } from "./method.js";
import { ablationcam } from "./methods/ablationcam.js";
import { cam } from "./methods/cam.js";
import { eigencam, eigengradcam, segeigencam } from "./methods/eigencam.js";
import { fem } from "./methods/fem.js";
import { finercam } from "./methods/finercam.js";
import { gradcamPlusPlus } from "./methods/gradcam-plusplus.js";
import { fullgrad } from "./methods/fullgrad.js";
import { gradcam } from "./methods/gradcam.js";
import { elementwise, hirescam } from "./methods/hirescam.js";
import { guided, integrated, saliency, smoothgrad } from "./methods/input-gradients.js";
import { kpcacam } from "./methods/kpcacam.js";
import { layercam } from "./methods/layercam.js";
import { legrad } from "./methods/legrad.js";
import { randomcam } from "./methods/randomcam.js";
import { rollout } from "./methods/rollout.js";
import { scorecam } from "./methods/scorecam.js";
import { shapleycam } from "./methods/shapleycam.js";
import { smoothGradcamPlusPlus } from "./methods/smoothgradcam-plusplus.js";
import { xgradcam } from "./methods/xgradcam.js";

export type LayerMethodName =
  | "gradcam"
  | "gradcam++"
  | "xgradcam"
  | "layercam"
  | "hirescam"
  | "elementwise"
  | "eigencam"
  | "eigengradcam"
  | "scorecam"
  | "ablationcam"
  | "smoothgradcam++"
  | "shapleycam"
  | "finercam"
  | "segeigencam"
  | "kpcacam"
  | "fem"
  | "cam"
  | "randomcam";

/** Methods that look at no layer. */
export type DirectMethodName =
  "fullgrad" | "saliency" | "guided" | "smoothgrad" | "integrated" | "rollout" | "legrad";

export type MethodName = LayerMethodName | DirectMethodName;

export const METHODS: { readonly [K in LayerMethodName]: LayerMethod } & {
  readonly [K in DirectMethodName]: DirectMethod;
} = {
  gradcam,
  "gradcam++": gradcamPlusPlus,
  xgradcam,
  layercam,
  hirescam,
  elementwise,
  eigencam,
  eigengradcam,
  scorecam,
  ablationcam,
  "smoothgradcam++": smoothGradcamPlusPlus,
  shapleycam,
  finercam,
  segeigencam,
  kpcacam,
  fem,
  cam,
  randomcam,
  fullgrad,
  saliency,
  guided,
  smoothgrad,
  integrated,
  rollout,
  legrad,
};

/** In the order in which they are listed to users. */
export const METHOD_NAMES = Object.keys(METHODS) as readonly MethodName[];

export const isMethodName = (name: string): name is MethodName => Object.hasOwn(METHODS, name);

const DIRECT: readonly DirectMethod["needs"][] = ["input", "biases", "attention"];

export const isDirect = (name: MethodName): name is DirectMethodName =>
  (DIRECT as readonly string[]).includes(METHODS[name].needs);

export const isOfLayers = (name: MethodName): name is LayerMethodName => !isDirect(name);
