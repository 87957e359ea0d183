/** @file The names of each setting in training states, and how their values are read: one row a setting. */

import type { Activation } from "../../cam/scores.js";
import type { Json } from "../../checkpoint/json.js";
import type { Pair } from "../../graph/types.js";
import { CROP_PCT } from "../../image/crop.js";
import type { ResizeName } from "../../image/fit-picture.js";
import type { SettingNames } from "../file/training-state.js";
import { labelsIn } from "../file/label-tables.js";
import { activationOfLoss } from "./loss-activation.js";
import type { GivenSettings } from "./settings.js";

interface StateSettings extends Omit<Required<GivenSettings>, "activation"> {
  readonly activation: Activation;
  /** The length of the shorter side before the crop, as in torchvision's references. */
  readonly resizedSide: number;
}

export const STATE_SETTINGS: { readonly [K in keyof StateSettings]: SettingNames<StateSettings[K]> } = {
  size: {
    // The network sees the crop. timm's input_size comes before its img_size.
    names:
      list(`val_crop_size test_crop_size eval_crop_size crop_size input_size img_size image_size imgsz im_size
      imagesize imsize input_shape input_resolution img_dim image_dim target_size`),
    ordered: true,
    read: sizeIn,
  },
  mean: {
    names: named("mean"),
    read: (value, path) => statisticsIn(value, path, (n) => n >= -1 && n <= 255),
  },
  std: { names: named("std"), read: (value, path) => statisticsIn(value, path, (n) => n > 0 && n <= 255) },
  resize: {
    names: list("val_interpolation test_interpolation eval_interpolation interpolation resample"),
    ordered: true,
    read: resizeIn,
  },
  cropPct: { names: list("crop_mode crop_pct crop_percent"), ordered: true, read: cropIn },
  resizedSide: {
    names: list("val_resize_size test_resize_size eval_resize_size"),
    read: (value) => (typeof value === "number" && isSide(value) ? value : undefined),
  },
  bgr: {
    names: list("bgr input_bgr use_bgr to_rgb input_space channel_order color_order color_format"),
    read: bgrIn,
  },
  labels: {
    names: list(`class_names classnames classes class_labels label_names class_list categories category_names
      target_names class_to_idx class2idx class_to_index class_to_id cls_to_idx label_to_idx label2idx label2id
      label_to_id idx_to_class idx2class index_to_class id_to_class id2class id2label idx2label idx_to_label
      index_to_label id_to_label int2label label_map labels vocab names`),
    ordered: true,
    read: labelsIn,
  },
  activation: {
    names:
      list(`multi_label multilabel is_multilabel is_multi_label multi_label_classification final_activation
      output_activation last_activation problem_type task task_type classification_type bce_loss criterion
      criterion_name loss loss_fn loss_func loss_function loss_name loss_type lossfn type name _target_`),
    ordered: true,
    read: activationOfLoss,
  },
};

function list(words: string): string[] {
  return words.trim().split(/\s+/);
}

/** Names of a mean or a std that mean pictures in every container, and the bare name. */
function named(what: "mean" | "std"): string[] {
  const pictures = "img image pixel norm normalize normalization rgb input data dataset".split(" ");
  return [what, `${what}s`, `${what}_rgb`, ...pictures.map((word) => `${word}_${what}`)];
}

const numbersIn = (value: Json): number[] | undefined => {
  const values =
    typeof value === "string"
      ? value
          .replace(/[[\]()]/g, "")
          .split(/[,\sx]+/)
          .map(Number)
      : value;
  const all = Array.isArray(values) ? values : [values];
  return all.every((one) => typeof one === "number" && Number.isFinite(one)) ? (all as number[]) : undefined;
};

/** A side, [height, width], or these with the number of channels. */
function sizeIn(value: Json): Pair | undefined {
  const numbers = numbersIn(value);
  if (numbers === undefined || typeof value === "boolean") return undefined;
  const sides = numbers.length === 3 ? withoutChannels(numbers) : numbers;
  const [height, width = height] = sides;
  if (sides.length === 0 || sides.length > 2 || ![height, width].every(isSide)) return undefined;
  return [height!, width!];
}

const withoutChannels = (shape: readonly number[]): readonly number[] => {
  const isCount = (n: number | undefined): boolean => n === 1 || n === 3;
  if (isCount(shape[0])) return shape.slice(1);
  return isCount(shape[2]) ? shape.slice(0, 2) : [];
};

const isSide = (side: number | undefined): boolean =>
  side !== undefined && Number.isInteger(side) && side >= 16 && side <= 4096;

/** One value a channel. A single number is a mean of pictures only where its name says so: it may be a target's. */
function statisticsIn(
  value: Json,
  path: readonly string[],
  isPossible: (n: number) => boolean,
): readonly number[] | undefined {
  const numbers = numbersIn(value);
  if (numbers === undefined || !numbers.every(isPossible)) return undefined;
  if (numbers.length === 3) return numbers;
  const ofPictures =
    /_/.test(path.at(-1)!) || /norm|transform|image|preprocess/i.test(path.slice(0, -1).join("."));
  return numbers.length === 1 && (Array.isArray(value) || ofPictures) ? numbers : undefined;
}

/** Pillow's numbers, in Hugging Face's processors. Other libraries number their `interpolation` differently. */
const PILLOW: ReadonlyMap<Json, string> = new Map([
  [2, "bilinear"],
  [3, "bicubic"],
]);

/** timm and torchvision resize with Pillow. */
function resizeIn(value: Json, path: readonly string[]): ResizeName | undefined {
  const name = path.at(-1)!.toLowerCase() === "resample" ? PILLOW.get(value) : value;
  if (typeof name !== "string") return undefined;
  const [, kind] = /^(?:[\w.]*\.)?(bilinear|bicubic)$/i.exec(name) ?? [];
  return kind === undefined ? undefined : (`pillow-${kind.toLowerCase()}` as ResizeName);
}

/** "off": the whole picture, as timm's crop mode "squash". */
function cropIn(value: Json, path: readonly string[]): number | "off" | undefined {
  if (path.at(-1)!.toLowerCase() === "crop_mode") return value === "squash" ? "off" : undefined;
  return typeof value === "number" && value >= CROP_PCT.min && value <= CROP_PCT.max ? value : undefined;
}

function bgrIn(value: Json, path: readonly string[]): boolean | undefined {
  if (typeof value === "boolean") return path.at(-1)!.toLowerCase() === "to_rgb" ? !value : value;
  if (typeof value !== "string" || !/^(?:rgb|bgr)$/i.test(value)) return undefined;
  return value.toLowerCase() === "bgr";
}
