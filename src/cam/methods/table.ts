/** @file The table of CAM methods: what `--method` may name. */

import type { WholeModelMethod, LayerMethod } from "./method.js";
import { ablationcam } from "./ablationcam.js";
import { cam } from "./cam.js";
import { eigencam, eigengradcam, segeigencam } from "./eigencam.js";
import { fem } from "./fem.js";
import { finercam } from "./finercam.js";
import { gradcamPlusPlus } from "./gradcam-plusplus.js";
import { fullgrad } from "./fullgrad.js";
import { gradcam } from "./gradcam.js";
import { elementwise, hirescam } from "./hirescam.js";
import { guided, integrated, saliency, smoothgrad } from "./input-gradients.js";
import { kpcacam } from "./kpcacam.js";
import { layercam } from "./layercam.js";
import { legrad } from "./legrad.js";
import { randomcam } from "./randomcam.js";
import { rollout } from "./rollout.js";
import { scorecam } from "./scorecam.js";
import { shapleycam } from "./shapleycam.js";
import { smoothGradcamPlusPlus } from "./smoothgradcam-plusplus.js";
import { xgradcam } from "./xgradcam.js";

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
export type WholeModelMethodName =
  "fullgrad" | "saliency" | "guided" | "smoothgrad" | "integrated" | "rollout" | "legrad";

export type MethodName = LayerMethodName | WholeModelMethodName;

export const METHODS: { readonly [K in LayerMethodName]: LayerMethod } & {
  readonly [K in WholeModelMethodName]: WholeModelMethod;
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

const DIRECT: readonly WholeModelMethod["needs"][] = ["input", "biases", "attention"];

export const isWholeModelMethod = (name: MethodName): name is WholeModelMethodName =>
  (DIRECT as readonly string[]).includes(METHODS[name].needs);

export const isLayerMethod = (name: MethodName): name is LayerMethodName => !isWholeModelMethod(name);
