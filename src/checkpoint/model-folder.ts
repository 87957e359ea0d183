/** @file Reads what a folder of transformers' or timm's says beside its weights: `config.json` and `preprocessor_config.json`. */

import { CONFIG, isOfFolder, PREPROCESSOR } from "./folder-names.js";
import { isObject, parseFileJson, type Json } from "./json.js";
import type { PyValue } from "./pickle/values.js";
import type { ByteSource } from "./source.js";
import { valuesBeside } from "./torch/facts.js";

type Fields = { readonly [key: string]: Json };

/** What the folder says of its weights, if they have the name that transformers and timm give them. */
export async function factsBeside({ name, beside }: ByteSource): Promise<ReadonlyMap<string, Json>> {
  return isOfFolder(name) && beside ? folderFacts(beside) : new Map();
}

/**
 * The facts of both files under `config.` and `preprocessor.`; none if `config` is another program's.
 * @param read reads a file of the folder by its name; undefined if there is none
 * @throws GradlensError "bad-file" if one of them is not JSON
 */
export async function folderFacts(
  read: (name: string) => Promise<Uint8Array | undefined>,
): Promise<ReadonlyMap<string, Json>> {
  const fieldsOf = async (name: string): Promise<Fields | undefined> => {
    const bytes = await read(name);
    const json = bytes && parseFileJson(name, "it", bytes);
    return isObject(json) ? json : undefined;
  };
  const config = await fieldsOf(CONFIG);
  const isModel = Array.isArray(config?.architectures) || typeof config?.architecture === "string";
  if (config === undefined || !isModel) return new Map();
  const preprocessor = await fieldsOf(PREPROCESSOR);
  const said = { config, ...(preprocessor && { preprocessor: preparation(preprocessor) }) };
  return valuesBeside(pythonValue(said), "").facts;
}

function pythonValue(json: Json): PyValue {
  if (Array.isArray(json)) return json.map(pythonValue);
  if (!isObject(json)) return json;
  return new Map(Object.entries(json).map(([key, value]) => [key, pythonValue(value)]));
}

/** An image processor of transformers in the words of training states, for samples of 0..1. */
function preparation(of: Fields): Fields {
  return {
    ...statistics(of),
    ...(of.do_resize !== false && { ...resizing(of), resample: of.resample ?? null }),
  };
}

/** The processor computes (sample · factor − offset − mean) / std of samples 0..255; EfficientNet's divides by std twice. */
function statistics(of: Fields): Fields {
  const factor = of.do_rescale === false ? 1 : (number(of.rescale_factor) ?? 1 / 255);
  const offset = of.rescale_offset === true ? 1 : 0;
  const isNormalised = of.do_normalize !== false;
  const mean = isNormalised ? numbers(of.image_mean) : [0, 0, 0];
  const std = isNormalised ? numbers(of.image_std) : [1, 1, 1];
  if (mean === undefined || std === undefined) return {};
  const scale = 255 * factor;
  return {
    image_mean: mean.map((m) => (m + offset) / scale),
    image_std: std.map((s) => (isNormalised && of.include_top === true ? s * s : s) / scale),
  };
}

/** Below this shorter side the processors of ResNet and ConvNeXt enlarge and crop; from it on they squash. */
const SQUASHED_FROM = 384;

/** DeiT's processor squashes to a square before it crops. `--crop-pct` does the same with square pictures alone. */
function resizing(of: Fields): Fields {
  const { size, crop_pct: cropPct } = of;
  const edge = isObject(size) ? number(size.shortest_edge) : number(size);
  const crop = of.do_center_crop === true ? sidesOf(of.crop_size) : undefined;
  if (crop !== undefined) {
    const resized = edge ?? sidesOf(size)?.[0];
    return { crop_size: crop, ...(resized !== undefined && { val_resize_size: resized }) };
  }
  if (typeof cropPct === "number" && edge !== undefined)
    return {
      crop_size: [edge, edge],
      ...(edge < SQUASHED_FROM ? { crop_pct: cropPct } : { crop_mode: "squash" }),
    };
  const sides = sidesOf(size);
  return sides === undefined ? {} : { crop_size: sides, crop_mode: "squash" };
}

/** Of `{"height": 224, "width": 224}`, or of a square's side. */
function sidesOf(size: Json | undefined): [number, number] | undefined {
  const [height, width] = isObject(size)
    ? [number(size.height), number(size.width)]
    : [number(size), number(size)];
  return height === undefined || width === undefined ? undefined : [height, width];
}

const number = (value: Json | undefined): number | undefined =>
  typeof value === "number" ? value : undefined;

const numbers = (value: Json | undefined): number[] | undefined =>
  Array.isArray(value) && value.every((one) => typeof one === "number") ? value : undefined;
