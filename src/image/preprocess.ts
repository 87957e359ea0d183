/** @file Converts a picture to a model's input: resize, scale to 0..1, normalise, channels last. */

import { badArgument } from "../errors.js";
import { fitPicture, type Fitting } from "./fit-picture.js";
import { checkPicture, toGrey, toRgb, type Picture, type Size } from "./picture.js";
import { say } from "../language/say.js";

/** A model's preprocessing. */
export interface Preprocessing extends Fitting {
  /** Input size in pixels. */
  readonly size: Size;
  /** Channels of the first convolution: 3, or 1 for a model of grey pictures. */
  readonly channels: 1 | 3;
  /** Per input channel, for samples of 0..1. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** The input is blue first. Mean and std keep their order: they belong to the model's channels, not to the colours. */
  readonly bgr?: boolean;
}

/** The picture at the model's input size, before and after normalisation. */
export interface ModelInput {
  /** [1, H, W, C], normalised. */
  readonly data: Float32Array;
  /** The picture at the model's input size, RGB or grey (also when the model is fed BGR). */
  readonly picture: Picture;
}

/**
 * (sample / 255 − mean) / std, each step rounded to f32 as in NumPy and torchvision's Normalize. For a grey model the picture is
 * converted to grey before it is resized, as cv2.imread(path, 0) and cv2.resize do.
 * @throws GradlensError "bad-picture" for an inconsistent picture, "bad-argument" for invalid preprocessing
 */
export function preprocess(picture: Picture, how: Preprocessing): ModelInput {
  checkPicture(picture);
  checkPreprocessing(how);
  const { channels, size } = how;
  const resized = fitPicture(channels === 1 ? toGrey(picture) : toRgb(picture), size, how);
  const { fround } = Math;
  const full = resized.data instanceof Uint8Array ? 255 : 1;
  const data = new Float32Array(resized.data.length);
  for (let c = 0; c < channels; c++) {
    const source = how.bgr ? channels - 1 - c : c;
    const mean = fround(how.mean[c]!);
    const std = fround(how.std[c]!);
    for (let i = 0; i < data.length; i += channels) {
      data[i + c] = fround(fround(resized.data[i + source]! / full) - mean) / std;
    }
  }
  return { data, picture: resized };
}

function checkPreprocessing({ channels, mean, std }: Preprocessing): void {
  for (const [name, values] of Object.entries({ mean, std })) {
    if (values.length !== channels) {
      throw badArgument(
        say`${name} has ${values.length} values, but the model's input has ${channels} channels: give one for each`,
      );
    }
    const bad = values.find((v) => !Number.isFinite(v) || (name === "std" && v <= 0));
    if (bad !== undefined) {
      throw badArgument(
        say`${name} holds ${bad}: give finite numbers${name === "std" ? say` above 0` : ""}, for samples of 0..1`,
      );
    }
  }
}
