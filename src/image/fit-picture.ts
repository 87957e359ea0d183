/** @file Fits a picture to a model's input size: resizing and crop. */

import { badArgument } from "../errors.js";
import { checkCropPct, cropFor, type Crop } from "./crop.js";
import type { Picture, Size } from "./picture.js";
import { resizeLikePillow } from "./resize-pillow.js";
import { resizeLikeOpenCv } from "./resize.js";
import { say } from "../language/say.js";

/** The supported resizing algorithms. */
const RESIZERS = {
  "opencv-bilinear": resizeLikeOpenCv,
  "pillow-bilinear": (picture, crop) => resizeLikePillow(picture, crop, "bilinear"),
  "pillow-bicubic": (picture, crop) => resizeLikePillow(picture, crop, "bicubic"),
} as const satisfies Record<string, (picture: Picture, crop: Crop) => Picture>;

export type ResizeName = keyof typeof RESIZERS;

export const RESIZE_NAMES = Object.keys(RESIZERS) as ResizeName[];

export const DEFAULT_RESIZE: ResizeName = "opencv-bilinear";

/** The resizing algorithm and the crop. */
export interface Fitting {
  /** Default opencv-bilinear. */
  readonly resize?: ResizeName | undefined;
  /** Keep the picture's ratio and crop the centre, as timm does (crop.ts). Default: resize straight to the size. */
  readonly cropPct?: number | undefined;
}

/** @throws GradlensError "bad-argument" for an unknown resizing, or a crop share outside 0.01..1 */
export function checkFitting({ resize, cropPct }: Fitting): void {
  if (resize !== undefined && !RESIZE_NAMES.includes(resize)) {
    throw badArgument(say`resize "${String(resize)}" is not one of ${RESIZE_NAMES.join(", ")}`);
  }
  checkCropPct(cropPct);
}

/**
 * The picture at `size`.
 * @throws GradlensError "bad-argument"
 */
export function fitPicture(picture: Picture, size: Size, how: Fitting = {}): Picture {
  checkFitting(how);
  return RESIZERS[how.resize ?? DEFAULT_RESIZE](picture, cropFor(picture, size, how.cropPct));
}
