/**
 * @file What a model is run with: from the call, else from the file (its metadata, then a normalising module and the words
 * of a training state), else assumed, and then said.
 */

import type { Activation } from "../cam/scores.js";
import { GradlensError } from "../errors.js";
import type { Pair } from "../graph/types.js";
import type { ResizeName } from "../image/fit-picture.js";
import type { FileSize, Preprocessing } from "../models/arch.js";
import { settleActivation, type HeadFacts } from "./activation.js";
import type { FileWords, Said } from "./file-words.js";
import { settleFitting, settleSize } from "./fitting.js";
import { settleLabels } from "./labels.js";
import { readMetadata } from "./metadata.js";
import { SETTING_WORDS } from "./setting-words.js";
import { Settler } from "./settler.js";
import { sameNumbers, settleStatistics, usualStatistics } from "./statistics.js";

/** Something that neither the caller nor the file said. */
export interface Assumption {
  readonly what:
    | "arch"
    | "dialect"
    | "size"
    | "mean"
    | "std"
    | "labels"
    | "activation"
    | "positions"
    | "pooling"
    // Of the network itself, for which there is no option.
    | "modules"
    | "forward"
    | "hooks";
  readonly value: unknown;
  readonly because: string;
}

/** Something that the caller or the file says otherwise than the architecture's official weights were trained with. */
export interface Difference {
  readonly what: "size" | "mean" | "std";
  readonly trained: readonly number[];
  readonly used: readonly number[];
}

/** Something that the file says beside its weights and its metadata. */
export interface FileWord {
  /** A setting, or "network" for what does not follow an option. */
  readonly what: Assumption["what"] | "resize" | "crop-pct" | "bgr" | "network";
  readonly value: unknown;
  /** Where in the file: "args.mean", "normalizer.new_mean". */
  readonly from: string;
  readonly used: boolean;
  /** What became of it: why it is not used, or how it was read. */
  readonly note?: string;
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
  readonly said: readonly FileWord[];
}

export interface ModelFacts extends HeadFacts {
  readonly arch: string;
  readonly spelling: string;
  readonly channels: number;
  readonly usual: Preprocessing;
  /** That the file's position tables are for. */
  readonly fileSize?: FileSize;
  /** The classes of all models of this spelling. */
  readonly labels?: readonly string[] | undefined;
  /** What a training state says; nothing where missing. */
  readonly words?: FileWords;
  /** Of a normalising module in the file, by key. */
  readonly normalizer?: { readonly mean: Said<readonly number[]>; readonly std: Said<readonly number[]> };
  /** Whether the network takes pictures of a size; any where missing. */
  readonly takes?: (size: Pair) => boolean;
}

/** @throws GradlensError "bad-file" for metadata that cannot be read, "bad-argument" for labels that do not fit */
export function settle(
  given: GivenSettings,
  metadata: ReadonlyMap<string, string>,
  model: ModelFacts,
  file: string,
): Settings {
  const settler = new Settler(model.words);
  const inFile = readMetadata(metadata, file);
  const usually = `usual for ${model.arch} (${model.spelling})`;
  const size = settleSize(settler, given, inFile, model, { usually, file });
  // Of weights trained at another size than the official ones, what is assumed of the tables says enough.
  const fileSize = model.fileSize?.size ?? model.usual.size;
  const isOfficial = sameNumbers(fileSize, model.usual.size);
  const trained = { ...usualStatistics(model), size: isOfficial ? fileSize : size };
  const statistics = settleStatistics(settler, given, inFile, model, usually);
  const fitting = settleFitting(settler, given, inFile, size);
  const bgr = settler.word("bgr", given.bgr ?? inFile.bgr, SETTING_WORDS.bgr) ?? false;
  const labels = settleLabels(settler, given, inFile, model, usually, file);
  const used = { size, ...statistics };
  return {
    ...used,
    ...fitting,
    bgr,
    labels,
    activation: settleActivation(settler, given, inFile, { ...model, labels }),
    assumed: settler.assumed,
    said: settler.said,
    differences: (["size", "mean", "std"] as const).flatMap((what) =>
      sameNumbers(trained[what], used[what]) ? [] : [{ what, trained: trained[what], used: used[what] }],
    ),
  };
}

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
