/** @file What a model is run with: from the call, else from the file's metadata, else assumed, and then said. */

import type { Activation } from "../cam/scores.js";
import { GradlensError } from "../errors.js";
import type { Pair } from "../graph/types.js";
import { CROP_PCT } from "../image/crop.js";
import { checkFitting, DEFAULT_RESIZE, RESIZE_NAMES, type ResizeName } from "../image/fit-picture.js";
import type { Preprocessing } from "../models/arch.js";

/** Something that neither the caller nor the file said. */
export interface Assumption {
  readonly what: "arch" | "dialect" | "size" | "mean" | "std" | "labels" | "activation";
  readonly value: unknown;
  readonly because: string;
}

/** Something that the caller or the file says otherwise than the architecture's official weights were trained with. */
export interface Difference {
  readonly what: "size" | "mean" | "std";
  readonly trained: readonly number[];
  readonly used: readonly number[];
}

export interface GivenSettings {
  /** [height, width] in pixels. */
  readonly size?: Pair;
  /** One value a channel, or one for all channels, for pixels in 0..1. */
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
  /** Default: what the file says, else opencv-bilinear. */
  readonly resize?: ResizeName;
  /** crop.ts; "off": no crop, whatever the file says. Default: what the file says, else off. */
  readonly cropPct?: number | "off";
  /** Feed blue first, as models trained on cv2.imread's pictures want it. Default: what the file says, else false. */
  readonly bgr?: boolean;
  readonly labels?: readonly string[];
  /** "auto" (the default): what the file says, else what is usual for such a model. */
  readonly activation?: Activation | "auto";
}

export interface Settings {
  readonly size: Pair;
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly resize: ResizeName;
  /** Undefined: the picture is resized straight to the size. */
  readonly cropPct: number | undefined;
  readonly bgr: boolean;
  readonly labels: readonly string[] | undefined;
  readonly activation: Activation;
  readonly assumed: readonly Assumption[];
  readonly differences: readonly Difference[];
}

export interface ModelFacts {
  readonly arch: string;
  readonly spelling: string;
  readonly classes: number;
  readonly channels: number;
  readonly usual: Preprocessing;
  /** The classes of all models of this spelling. */
  readonly labels?: readonly string[] | undefined;
  /** The head's keys are those of a Sequential that ends with a Sigmoid, as CheXNet's `classifier.0`. */
  readonly sequentialHead: boolean;
}

/** @throws GradlensError "bad-file" for metadata that cannot be read, "bad-argument" for labels that do not fit */
export function settle(
  given: GivenSettings,
  metadata: ReadonlyMap<string, string>,
  model: ModelFacts,
  file: string,
): Settings {
  const assumed: Assumption[] = [];
  const choose = <T>(what: Assumption["what"], chosen: T | undefined, usual: T, because: string): T => {
    if (chosen !== undefined) return chosen;
    assumed.push({ what, value: usual, because });
    return usual;
  };
  const usually = `usual for ${model.arch} (${model.spelling})`;
  const size = choose("size", given.size ?? sizeIn(metadata, file), model.usual.size, usually);
  const trained = { size: model.usual.size, ...usualStatistics(model) };
  const statistics = (what: "mean" | "std", usual: readonly number[]): readonly number[] => {
    const said = given[what] ?? numbersIn(metadata, what, file);
    return choose(what, said && perChannel(what, said, model.channels), usual, usually);
  };
  const settings = {
    size,
    mean: statistics("mean", trained.mean),
    std: statistics("std", trained.std),
    ...fitting(given, metadata, file),
    bgr: given.bgr ?? bgrIn(metadata),
    labels: nameAll(
      given.labels ??
        labelsIn(metadata, file) ??
        (model.labels && choose("labels", undefined, model.labels, usually)),
    ),
  };
  checkLabels(settings.labels, model.classes, given.labels ? "the labels given" : `the labels of ${file}`);
  const [activation, because] = usualActivation(model);
  const chosen = given.activation === "auto" ? undefined : given.activation;
  return {
    ...settings,
    activation: choose("activation", chosen ?? activationIn(metadata), activation, because),
    assumed,
    differences: (["size", "mean", "std"] as const).flatMap((what) =>
      sameNumbers(trained[what], settings[what])
        ? []
        : [{ what, trained: trained[what], used: settings[what] }],
    ),
  };
}

/** Statistics are written with three or four digits, here more, there fewer. */
const sameNumbers = (a: readonly number[], b: readonly number[]): boolean =>
  a.every((value, i) => Math.abs(value - b[i]!) <= 5e-4 * Math.max(Math.abs(value), 1e-3));

/** How pictures are brought to the size: what is given, else what the file says. */
function fitting(
  given: GivenSettings,
  metadata: ReadonlyMap<string, string>,
  file: string,
): Pick<Settings, "resize" | "cropPct"> {
  const cropPct = given.cropPct ?? cropIn(metadata, file);
  const settled = {
    resize: given.resize ?? resizeIn(metadata, file) ?? DEFAULT_RESIZE,
    cropPct: cropPct === "off" ? undefined : cropPct,
  };
  checkFitting(settled);
  return settled;
}

/** A class without a name is one that the model was not trained for, as in torchxrayvision's lists. */
const nameAll = (labels: readonly string[] | undefined): readonly string[] | undefined =>
  labels?.map((label, i) => (label === "" ? `${i} (not trained)` : label));

/**
 * Programs without types may give anything.
 * @throws GradlensError "bad-argument"
 */
export function checkGiven({ size, mean, std }: GivenSettings): void {
  if (size !== undefined && !(isNumbers(size) && size.length === 2)) {
    throw new GradlensError("bad-argument", `size ${JSON.stringify(size)}: [height, width] is needed`);
  }
  for (const [what, values] of Object.entries({ mean, std })) {
    if (values === undefined || isNumbers(values)) continue;
    throw new GradlensError("bad-argument", `${what} ${JSON.stringify(values)}: a list of numbers is needed`);
  }
}

const isNumbers = (value: unknown): boolean =>
  Array.isArray(value) && value.every((one) => typeof one === "number");

/** One value stands for all channels. */
function perChannel(what: string, values: readonly number[], channels: number): readonly number[] {
  if (values.length === 1) return new Array<number>(channels).fill(values[0]!);
  if (values.length === channels) return values;
  throw new GradlensError(
    "bad-argument",
    `${what} has ${values.length} values, but the model's pictures have ${channels} channel${channels > 1 ? "s" : ""}: give one a channel, or one for all`,
  );
}

/** A model of grey pictures takes the mean of the colours' statistics. */
function usualStatistics({ usual, channels }: ModelFacts): {
  mean: readonly number[];
  std: readonly number[];
} {
  if (channels === usual.mean.length) return usual;
  const average = (values: readonly number[]): number =>
    values.reduce((sum, v) => sum + v, 0) / values.length;
  const repeat = (values: readonly number[]): number[] => new Array<number>(channels).fill(average(values));
  return { mean: repeat(usual.mean), std: repeat(usual.std) };
}

function usualActivation({ classes, sequentialHead }: ModelFacts): [Activation, string] {
  if (sequentialHead) return ["sigmoid", "the head is a Sequential, as CheXNet's Linear and Sigmoid"];
  if (classes === 1000) return ["softmax", "1000 classes, as ImageNet's"];
  return ["sigmoid", "usual for a fine-tuned classifier of several labels"];
}

function activationIn(metadata: ReadonlyMap<string, string>): Activation | undefined {
  const multiLabel = metadata.get("multi_label");
  if (multiLabel === undefined) return undefined;
  return /^(true|1)$/i.test(multiLabel) ? "sigmoid" : "softmax";
}

function jsonIn(metadata: ReadonlyMap<string, string>, key: string, file: string): unknown {
  const text = metadata.get(key);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw badMetadata(file, key, text);
  }
}

const badMetadata = (file: string, key: string, text: string | undefined): GradlensError =>
  new GradlensError(
    "bad-file",
    `${file}: its metadata says ${key}=${(text ?? "").slice(0, 60)}, which cannot be read; correct the file, or give the value by option`,
  );

function sizeIn(metadata: ReadonlyMap<string, string>, file: string): Pair | undefined {
  const value = jsonIn(metadata, "size", file);
  if (value === undefined) return undefined;
  const pair = Array.isArray(value) ? (value as unknown[]) : [value, value];
  if (pair.length === 2 && pair.every((n) => Number.isInteger(n) && (n as number) > 0)) {
    return pair as unknown as Pair;
  }
  throw badMetadata(file, "size", metadata.get("size"));
}

function numbersIn(metadata: ReadonlyMap<string, string>, key: string, file: string): number[] | undefined {
  const value = jsonIn(metadata, key, file);
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every((n) => Number.isFinite(n))) return value as number[];
  throw badMetadata(file, key, metadata.get(key));
}

function resizeIn(metadata: ReadonlyMap<string, string>, file: string): ResizeName | undefined {
  const value = metadata.get("resize");
  if (value === undefined) return undefined;
  const name = RESIZE_NAMES.find((one) => one === value);
  if (name !== undefined) return name;
  throw badMetadata(file, "resize", value);
}

function cropIn(metadata: ReadonlyMap<string, string>, file: string): number | "off" | undefined {
  const text = metadata.get("crop_pct");
  if (text === undefined || text === "off") return text;
  const value = Number(text);
  if (value >= CROP_PCT.min && value <= CROP_PCT.max) return value;
  throw badMetadata(file, "crop_pct", text);
}

const bgrIn = (metadata: ReadonlyMap<string, string>): boolean =>
  /^(true|1)$/i.test(metadata.get("bgr") ?? "");

function labelsIn(metadata: ReadonlyMap<string, string>, file: string): string[] | undefined {
  const value = jsonIn(metadata, "labels", file);
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every((l) => typeof l === "string")) return value;
  throw badMetadata(file, "labels", metadata.get("labels"));
}

function checkLabels(labels: readonly string[] | undefined, classes: number, whose: string): void {
  if (labels === undefined || labels.length === classes) return;
  throw new GradlensError(
    "bad-argument",
    `the model has ${classes} classes, but ${whose} are ${labels.length}; give one label a class, in the model's order`,
  );
}
