/** @file The table of CAM methods: what `--method` may name. */

import type { CamMethod } from "./method.js";
import { ablationcam } from "./methods/ablationcam.js";
import { eigencam, eigengradcam } from "./methods/eigencam.js";
import { gradcamPlusPlus } from "./methods/gradcam-plusplus.js";
import { gradcam } from "./methods/gradcam.js";
import { elementwise, hirescam } from "./methods/hirescam.js";
import { layercam } from "./methods/layercam.js";
import { scorecam } from "./methods/scorecam.js";
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
  | "ablationcam";

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
};

/** In the order in which they are listed to users. */
export const METHOD_NAMES = Object.keys(METHODS) as readonly MethodName[];

export const isMethodName = (name: string): name is MethodName => Object.hasOwn(METHODS, name);
