/** @file The limit on a picture's pixels, checked before decoding. */

import { badArgument, badPicture } from "../errors.js";
import type { Size } from "./picture.js";
import { say } from "../language/say.js";

/** 268 million pixels: more than any camera's, and still less than 1 GB as RGB. */
export const DEFAULT_MAX_PIXELS = 2 ** 28;

/** OpenCV's own limit; such a picture fits one Node buffer. */
const MOST_PIXELS = 2 ** 30;

/**
 * Checks a requested limit.
 * @throws GradlensError "bad-argument" unless it is a whole number in range
 */
export function pixelLimit(maxPixels: number = DEFAULT_MAX_PIXELS): number {
  if (Number.isInteger(maxPixels) && maxPixels >= 1 && maxPixels <= MOST_PIXELS) return maxPixels;
  throw badArgument(
    say`a limit of ${maxPixels} pixels: give a whole number from 1 to ${MOST_PIXELS} (--max-pixels, maxPixels)`,
  );
}

/** @throws GradlensError "bad-picture" for more pixels than the limit */
export function checkPixels({ width, height }: Size, limit: number, name: string): void {
  if (width * height <= limit) return;
  const override = limit < MOST_PIXELS ? say`, or raise the limit (--max-pixels, maxPixels)` : "";
  throw badPicture(
    say`${name}: ${width}x${height} pixels are more than the limit of ${limit}; make it smaller${override}`,
  );
}
