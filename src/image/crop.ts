/** @file The part of a resized picture that a model sees: timm's eval transform, Resize and CenterCrop. */

import { badArgument } from "../errors.js";
import { checkSize, type Size } from "./picture.js";
import { roundHalfEven } from "./rounding.js";
import { say } from "../language/say.js";

/** A part of a picture that was resized to the size `of`, in pixels of that size. */
export interface Crop extends Size {
  readonly left: number;
  readonly top: number;
  readonly of: Size;
}

/** The range of a crop share. The least is far below any in use (timm's are 0.8 to 1). */
export const CROP_PCT = { min: 0.01, max: 1 } as const;

/** All of a picture resized to `size`. */
export function wholeOf({ width, height }: Size): Crop {
  return { left: 0, top: 0, width, height, of: { width, height } };
}

/** @throws GradlensError "bad-argument" for a share outside 0.01..1 */
export function checkCropPct(cropPct: number | undefined): void {
  if (cropPct === undefined || (cropPct >= CROP_PCT.min && cropPct <= CROP_PCT.max)) return;
  throw badArgument(
    say`cropPct ${cropPct}: give the share of the resized picture's side that is kept, from ${CROP_PCT.min} to ${CROP_PCT.max}`,
  );
}

/**
 * The crop of a picture for a model's input of `size`. Without `cropPct` the picture is resized straight to `size`.
 * With it, timm's transforms_imagenet_eval (crop mode "center") applies, which resizes for floor(size / cropPct).
 * For a square size the shorter side becomes that and the longer one is truncated (torchvision's Resize). For another size the
 * picture keeps its ratio and covers both sides, both rounded, halves to even (timm's ResizeKeepRatio). Then the centre is cropped
 * (torchvision's CenterCrop). As the share is at most 1, the crop always fits.
 * @throws GradlensError "bad-argument"
 */
export function cropFor(picture: Size, size: Size, cropPct?: number): Crop {
  checkSize(size);
  checkCropPct(cropPct);
  if (cropPct === undefined) return wholeOf(size);
  const { width, height } = size;
  const aim = { width: Math.floor(width / cropPct), height: Math.floor(height / cropPct) };
  const of = aim.width === aim.height ? shorterSideTo(aim.width, picture) : covering(aim, picture);
  const left = roundHalfEven((of.width - width) / 2);
  const top = roundHalfEven((of.height - height) / 2);
  return { left, top, width, height, of };
}

function shorterSideTo(side: number, { width, height }: Size): Size {
  return width <= height
    ? { width: side, height: Math.floor((side * height) / width) }
    : { width: Math.floor((side * width) / height), height: side };
}

function covering(aim: Size, { width, height }: Size): Size {
  const ratio = Math.min(height / aim.height, width / aim.width);
  return { width: roundHalfEven(width / ratio), height: roundHalfEven(height / ratio) };
}
