/** @file Renders a gradient of the picture, as pytorch-grad-cam's deprocess_image does. */

import { badArgument } from "../errors.js";
import type { Picture, Size } from "./picture.js";
import { checkMap } from "./resize.js";
import { say } from "../language/say.js";

export interface GuidedOptions {
  /** A final map [H, W] of the same size: gives guided Grad-CAM, map·gradient. */
  readonly map?: Float32Array | undefined;
  /** The gradient's first channel is blue (the model's input is BGR). */
  readonly bgr?: boolean;
}

/**
 * A guided-backprop gradient [H, W, C] as an 8-bit picture: (g − mean) / (std + 1e-5), ·0.1, +0.5, clipped to 0..1, ·255,
 * truncated. Mean and (population) std are over all samples. A constant gradient becomes uniform grey.
 * @throws GradlensError "bad-argument" if sizes do not fit
 */
export function guidedPicture(
  gradient: Float32Array,
  size: Size,
  { map, bgr = false }: GuidedOptions = {},
): Picture {
  const pixels = size.width * size.height;
  const channels = gradient.length / pixels;
  if (channels !== 1 && channels !== 3) {
    throw badArgument(
      say`a gradient of ${gradient.length} values does not fit ${size.width}x${size.height} pixels of 1 or 3 channels`,
    );
  }
  if (map) checkMap(map, size);
  const values = map ? gradient.map((g, i) => g * map[Math.floor(i / channels)]!) : gradient;

  let sum = 0;
  for (const v of values) sum += v;
  const mean = sum / values.length;
  let squares = 0;
  for (const v of values) squares += (v - mean) ** 2;
  const scale = 0.1 / (Math.sqrt(squares / values.length) + 1e-5);

  const data = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const from = bgr ? i - (i % channels) + (channels - 1 - (i % channels)) : i;
    data[i] = Math.min(Math.max((values[from]! - mean) * scale + 0.5, 0), 1) * 255;
  }
  return { data, width: size.width, height: size.height, channels };
}
