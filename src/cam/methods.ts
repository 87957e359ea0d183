/** @file The table of CAM methods: what `--method` may name. */

import type { CamMethod } from "./method.js";
import { ablationcam } from "./methods/ablationcam.js";
import { cam } from "./methods/cam.js";
import { eigencam, eigengradcam, segeigencam } from "./methods/eigencam.js";
import { fem } from "./methods/fem.js";
import { finercam } from "./methods/finercam.js";
import { gradcamPlusPlus } from "./methods/gradcam-plusplus.js";
import { gradcam } from "./methods/gradcam.js";
import { elementwise, hirescam } from "./methods/hirescam.js";
import { kpcacam } from "./methods/kpcacam.js";
import { layercam } from "./methods/layercam.js";
import { randomcam } from "./methods/randomcam.js";
import { scorecam } from "./methods/scorecam.js";
import { shapleycam } from "./methods/shapleycam.js";
import { smoothGradcamPlusPlus } from "./methods/smoothgradcam-plusplus.js";
import { xgradcam } from "./methods/xgradcam.js";

export type MethodName =
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

export const METHODS: { readonly [K in MethodName]: CamMethod } = {
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
};

/** In the order in which they are listed to users. */
export const METHOD_NAMES = Object.keys(METHODS) as readonly MethodName[];

export const isMethodName = (name: string): name is MethodName => Object.hasOwn(METHODS, name);
