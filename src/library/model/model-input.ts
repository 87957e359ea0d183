/** @file Makes the model's input of a picture, and refuses pictures and inputs that the model cannot read. */

import { badArgument, GradlensError } from "../../errors.js";
import { withoutAlpha, type Picture, type PictureLike } from "../../image/picture.js";
import { preprocess } from "../../image/preprocess.js";
import { say } from "../../language/say.js";
import type { ModelDescription, ModelPreprocessing } from "../settings/model-description.js";

/** An input as it is fed to the model: [height, width, channels] at the model's size, normalised. */
export interface PreparedInput {
  readonly input: Float32Array;
}

type InputModel = Pick<ModelDescription, "preprocessing" | "channels">;

/**
 * @param most how many values the device binds
 * @throws GradlensError "bad-argument", "bad-picture", "out-of-memory"
 */
export function modelInput(
  picture: PictureLike | PreparedInput,
  model: InputModel,
  most: number,
): Float32Array {
  const { size, ...how } = model.preprocessing;
  if (!isObject(picture)) {
    throw badArgument(
      say`a picture is needed, not ${String(picture)}: { data, width, height, channels }, as readPicture gives it`,
    );
  }
  if ("input" in picture) return checkedInput(picture.input, model);
  const opaque = withoutAlpha(picture);
  const [height, width] = size;
  // Before the input is allocated.
  checkFits(model, most);
  const { data } = preprocess(opaque, { ...how, size: { height, width }, channels: model.channels });
  const wrong = data.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) throw notFinite(opaque, model.preprocessing, data[wrong]!, wrong % model.channels);
  return data;
}

function checkFits({ preprocessing, channels }: InputModel, most: number): void {
  const [height, width] = preprocessing.size;
  const values = height * width * channels;
  if (values <= most) return;
  const mebibytes = (count: number): number => Math.ceil((4 * count) / 2 ** 20);
  throw new GradlensError(
    "out-of-memory",
    say`an input of ${height}x${width} pixels needs ${mebibytes(values)} MiB, but this adapter binds at most ${mebibytes(most)} MiB; use a smaller --size`,
  );
}

/** The cause of an input value that is not finite. */
function notFinite(
  { data }: Picture,
  { mean, std }: ModelPreprocessing,
  value: number,
  channel: number,
): GradlensError {
  const at = data.findIndex((sample) => !Number.isFinite(sample));
  if (at >= 0) return new GradlensError("bad-picture", say`the picture's sample ${at} is ${data[at]}`);
  return badArgument(
    say`with mean ${mean[channel]} and std ${std[channel]} the model's input is ${value}: give those that the model was trained with`,
  );
}

function checkedInput(input: Float32Array, { preprocessing, channels }: InputModel): Float32Array {
  const [height, width] = preprocessing.size;
  if (input.length !== height * width * channels) {
    throw badArgument(
      say`the input has ${input.length} values; the model reads ${height}x${width} pixels of ${channels} channels`,
    );
  }
  const wrong = input.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return input;
  throw badArgument(say`the input's value ${wrong} is ${input[wrong]}; finite numbers are needed`);
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
