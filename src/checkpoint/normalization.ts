/** @file Finds a normalisation that a file holds as tensors: the mean and std of a module before the network. */

import type { Checkpoint, CheckpointTensor } from "./types.js";

export interface Normalizer {
  readonly mean: string;
  readonly std: string;
  /** Dotted path of the module that normalises the network's input; "" for the root. */
  readonly around: string;
}

export interface Normalizers {
  readonly pairs: readonly Normalizer[];
  /** A mean without its std, or the reverse, that can only belong to a normalisation. */
  readonly halves: readonly string[];
}

type Tensors = ReadonlyMap<string, Pick<CheckpointTensor, "shape">>;

const MEAN = /means?|mu/;
/** The counterpart of "mean" in the std's name. */
const DEVIATIONS: readonly (readonly [mean: string, std: readonly string[]])[] = [
  ["means", ["stds", "std"]],
  ["mean", ["std", "stdev", "stddev", "std_dev", "sigma"]],
  ["mu", ["sigma", "std"]],
];
/** Running statistics belong to a BatchNorm. */
const NOT_A_PICTURES = /running|moving|batch/;
const HALF =
  /^_?(?:(?:new|pixel|norm|image|img|input|data|imagenet|rgb|normalize|normalise)_)?(?:means?|stds?|mu|sigma)_?$/;

const NONE: Normalizers = { pairs: [], halves: [] };

/**
 * Pairs called mean and std, mu and sigma, pixel_mean and pixel_std and the like, with one value or one a channel. They lie beside
 * the network, not inside it. Uses only keys and shapes.
 */
export function findNormalizers(tensors: Tensors): Normalizers {
  const candidates = [...tensors].flatMap(([key, { shape }]) => (isStatistic(key, shape) ? [key] : []));
  if (candidates.length === 0) return NONE;
  const stems = stemsOf(tensors);
  const around = new Map(candidates.map((key) => [key, surrounding(key, tensors, stems)]));
  const pairs: Normalizer[] = [];
  for (const mean of candidates) {
    const std = deviationOf(mean, tensors);
    const place = around.get(mean);
    if (std !== undefined && place !== undefined) pairs.push({ mean, std, around: place });
  }
  const paired = new Set(pairs.flatMap(({ mean, std }) => [mean, std]));
  const halves = candidates.filter(
    (key) => !paired.has(key) && around.get(key) !== undefined && HALF.test(lastOf(key)),
  );
  return { pairs, halves: halves.filter((key) => channelsOf(tensors.get(key)!.shape) === 3) };
}

/** The values of normalisation tensors, by key; unreadable ones are left out. */
export async function readNormalization(
  tensors: Checkpoint["tensors"],
): Promise<ReadonlyMap<string, readonly number[]>> {
  const { pairs, halves } = findNormalizers(tensors);
  const keys = [...pairs.flatMap(({ mean, std }) => [mean, std]), ...halves];
  return readValues(keys.map((key) => tensors.get(key)!));
}

/** Few values, by the tensors' names. */
export async function readValues(
  tensors: Iterable<CheckpointTensor>,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const values = new Map<string, readonly number[]>();
  for (const tensor of tensors)
    if (tensor.problem === undefined)
      values.set(
        tensor.name,
        Array.from(await tensor.floats(), (value) => Number(value.toPrecision(7))),
      );
  return values;
}

const lastOf = (key: string): string => key.split(".").at(-1)!;

const isStatistic = (key: string, shape: readonly number[]): boolean =>
  channelsOf(shape) !== undefined &&
  (MEAN.test(lastOf(key)) || HALF.test(lastOf(key))) &&
  !NOT_A_PICTURES.test(key);

/** 1 or 3 for a tensor of one value or one a channel, as it broadcasts to [B, C, H, W] pictures. A plain [C] counts too. */
function channelsOf(shape: readonly number[]): number | undefined {
  const count = shape.reduce((size, n) => size * n, 1);
  const axis = shape.length > 1 ? shape.length - 3 : 0;
  if (count === 1) return 1;
  return count === 3 && shape[axis] === 3 ? 3 : undefined;
}

/** The key of the std that belongs to a mean, with as many values. */
function deviationOf(mean: string, tensors: Tensors): string | undefined {
  const name = lastOf(mean);
  const start = mean.slice(0, mean.length - name.length);
  const count = channelsOf(tensors.get(mean)!.shape);
  for (const [word, deviations] of DEVIATIONS) {
    const at = name.lastIndexOf(word);
    if (at < 0) continue;
    for (const deviation of deviations) {
      const key = start + name.slice(0, at) + deviation + name.slice(at + word.length);
      const found = tensors.get(key);
      if (found !== undefined && channelsOf(found.shape) === count) return key;
    }
  }
  return undefined;
}

/** Candidates for a network's first convolution: of three channels, else of one. */
function stemsOf(tensors: Tensors): string[] {
  const reading = (channels: number): string[] =>
    [...tensors].flatMap(([key, { shape }]) => (shape.length === 4 && shape[1] === channels ? [key] : []));
  const coloured = reading(3);
  return coloured.length > 0 ? coloured : reading(1);
}

/** The module that holds a normalisation beside a network; undefined if it lies inside one. */
function surrounding(key: string, tensors: Tensors, stems: readonly string[]): string | undefined {
  const steps = key.split(".");
  const own = steps.slice(0, -1);
  const below = (path: readonly string[]): string => path.map((step) => `${step}.`).join("");
  const start = below(own);
  const isAlone =
    own.length > 0 &&
    [...tensors].every(([other, { shape }]) => !other.startsWith(start) || channelsOf(shape) !== undefined);
  const around = below(isAlone ? own.slice(0, -1) : own);
  return stems.some((stem) => stem.startsWith(around)) ? around.replace(/\.$/, "") : undefined;
}
