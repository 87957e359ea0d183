/** @file The table of CAM methods: the names that `--method` accepts. */

import type { MapOptionValues } from "../map-options.js";
import type { LayerMethod, WholeModelMethod } from "./method.js";
import { ablationcam } from "./ablationcam.js";
import { cam } from "./cam.js";
import { eigencam, eigengradcam, kpcacam, segeigencam } from "./eigencam.js";
import { fem } from "./fem.js";
import { finercam } from "./finercam.js";
import { gradcamPlusPlus } from "./gradcam-plusplus.js";
import { fullgrad } from "./fullgrad.js";
import { gradcam } from "./gradcam.js";
import { elementwise, hirescam } from "./hirescam.js";
import { guided, integrated, saliency, smoothgrad } from "./input-gradients.js";
import { layercam } from "./layercam.js";
import { legrad } from "./legrad.js";
import { randomcam } from "./randomcam.js";
import { rollout } from "./rollout.js";
import { scorecam } from "./scorecam.js";
import { shapleycam } from "./shapleycam.js";
import { smoothGradcamPlusPlus } from "./smoothgradcam-plusplus.js";
import { xgradcam } from "./xgradcam.js";

const LAYER_METHODS = {
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
} satisfies Record<string, LayerMethod>;

const WHOLE_MODEL_METHODS = {
  fullgrad,
  saliency,
  guided,
  smoothgrad,
  integrated,
  rollout,
  legrad,
} satisfies Record<string, WholeModelMethod>;

export type LayerMethodName = keyof typeof LAYER_METHODS;
export type WholeModelMethodName = keyof typeof WHOLE_MODEL_METHODS;
export type MethodName = LayerMethodName | WholeModelMethodName;

export const METHODS = { ...LAYER_METHODS, ...WHOLE_MODEL_METHODS };

/** The values of the options that methods read: a plan is valid for these values only. */
export const valuesRead = (methods: readonly MethodName[], options: MapOptionValues): unknown =>
  methods.map((name) => (METHODS[name].reads ?? []).map((option) => options[option] ?? null));

/** In the order in which they are listed to users. */
export const METHOD_NAMES = Object.keys(METHODS) as readonly MethodName[];

export const isMethodName = (name: string): name is MethodName => Object.hasOwn(METHODS, name);

export const isLayerMethod = (name: MethodName): name is LayerMethodName =>
  Object.hasOwn(LAYER_METHODS, name);

export const isWholeModelMethod = (name: MethodName): name is WholeModelMethodName => !isLayerMethod(name);

/** Whether the map is the heat of the gradient with respect to the picture. */
export const isInputMethod = (name: MethodName): boolean =>
  isWholeModelMethod(name) && METHODS[name].inputGradient !== undefined;
