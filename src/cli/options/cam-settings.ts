/** @file What `cam` is asked to do: options given on the command line and in the settings file, checked against each other. */

import type { InputHeat } from "../../cam/request/gradient-heat.js";
import type { RolloutHeads } from "../../cam/methods/rollout-options.js";
import type { ColormapName } from "../../image/colormaps.js";
import { parseThreshold } from "../../image/threshold.js";
import { GradlensError } from "../../errors.js";
import type { ReadPictureOptions } from "../../node/read-picture.js";
import { BOX_FORMAT_NAMES, type BoxFormatName } from "../results/boxes.js";
import type { Rendering } from "../results/manifest.js";
import { checkPattern } from "../results/file-names.js";
import type { Values } from "./table.js";
import { suggestion } from "../text/suggest.js";

/** Everything `cam` was told beside what the model is (model-settings.ts), with defaults filled in where they need no file. Paths are as typed. */
export interface CamSettings {
  readonly images: readonly string[];
  /** How pictures are read. */
  readonly reading: ReadPictureOptions;
  readonly layers?: readonly string[];
  readonly layersEach: boolean;
  /** Undefined: the highest logit; with `top` or `minProbability` all labels. */
  readonly targets?: readonly string[];
  readonly top?: number;
  readonly minProbability?: number;
  readonly augSmooth: boolean;
  readonly eigenSmooth: boolean;
  readonly topChannels?: number;
  readonly score: "logit" | "probability";
  readonly seed: number;
  readonly relu: boolean;
  readonly scale: "own" | "shared";
  readonly inputHeat: InputHeat;
  readonly rolloutHeads: RolloutHeads;
  readonly discardRatio: number;
  readonly guided: boolean;
  readonly out: string;
  readonly pattern?: string;
  readonly rendering: Rendering;
  /** In place of its colours, where a map has a sign. */
  readonly signedColormap: ColormapName;
  /** Files of the boxes of all pictures. */
  readonly boxes: readonly BoxFormatName[];
  readonly heat?: 8 | 16;
  readonly npy: boolean;
  readonly strip: boolean;
  readonly json: boolean;
  readonly force: boolean;
  readonly adapter: string;
  readonly batchSize?: number;
  /** Bytes. */
  readonly memory?: number;
  readonly boundsChecks: "auto" | "on" | "off";
  readonly profile: boolean;
}

const NORMS = {
  imagenet: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  half: { mean: [0.5], std: [0.5] },
  none: { mean: [0], std: [1] },
} as const;

/** What is typed wins over what is kept beside the weights. Throws `bad-argument` for options that contradict each other or cannot be. */
export function mergeValues(kept: Values, typed: Values, keptIn: string): Values {
  const values = { ...withoutNorm(kept, `${keptIn}: "norm"`), ...withoutNorm(typed, "--norm") };
  for (const name of ["mean", "std"] as const) {
    const given = values[name];
    if (given !== undefined && given.length !== 1 && given.length !== 3) {
      throw bad(`--${name} has ${given.length} values: give 3, or 1 for all channels`);
    }
  }
  if (values.std?.some((value) => value <= 0))
    throw bad(`--std ${values.std.join(",")}: give values above 0`);
  return values;
}

/** `norm` written out as mean and std. */
function withoutNorm({ norm, ...rest }: Values, shown: string): Values {
  if (norm === undefined) return rest;
  const other = (["mean", "std"] as const).find((name) => rest[name] !== undefined);
  if (other !== undefined) {
    throw bad(
      `${shown} and ${shown.replace("norm", other)} contradict each other: norm stands for mean and std`,
    );
  }
  return { ...rest, ...NORMS[norm] };
}

/** Fills in defaults. `env` gives the default adapter. Throws `bad-argument` for values that cannot be. */
export function resolveCam(values: Values, env: Readonly<Record<string, string | undefined>>): CamSettings {
  if (values.name !== undefined) checkPattern(values.name, severalMaps(values));
  return {
    images: values.image ?? [],
    reading: readingOf(values),
    ...keep("layers", values.layer && [...new Set(values.layer)]),
    layersEach: values["layers-each"] ?? false,
    ...keep("targets", values.target),
    ...keep("top", values.top),
    ...keep("minProbability", values["min-probability"]),
    augSmooth: values["aug-smooth"] ?? false,
    eigenSmooth: values["eigen-smooth"] ?? false,
    ...keep("topChannels", values["top-channels"]),
    score: values.score ?? "logit",
    seed: values.seed ?? 0,
    relu: !(values["no-relu"] ?? false),
    scale: values["compare-scale"] ?? "own",
    inputHeat: values["input-heat"] ?? "absolute",
    rolloutHeads: values["rollout-heads"] ?? "mean",
    discardRatio: values["discard-ratio"] ?? 0,
    guided: values.guided ?? false,
    out: values.out ?? "out",
    ...keep("pattern", values.name),
    rendering: {
      colormap: values.colormap ?? "jet",
      alpha: values.alpha ?? 0.5,
      overlaySize: values["overlay-size"] ?? "image",
      ...thresholding(values),
    },
    signedColormap: values.colormap ?? "bwr",
    boxes: boxesOf(values),
    ...keep("heat", values.heat && (Number(values.heat) as 8 | 16)),
    npy: values.npy ?? false,
    strip: values.strip ?? false,
    json: values.json ?? false,
    force: values.force ?? false,
    adapter: adapterOf(values, env),
    ...keep("batchSize", values["batch-size"]),
    ...keep("memory", values.memory),
    boundsChecks: values["bounds-checks"] ?? "auto",
    profile: values.profile ?? false,
  };
}

/** What counts as a region. */
function thresholding(values: Values): Pick<Rendering, "threshold" | "minArea" | "drawBoxes"> {
  const { threshold, "min-area": minArea, "draw-boxes": drawBoxes } = values;
  if (threshold !== undefined) {
    return {
      threshold: parseThreshold(threshold, `--threshold "${threshold}"`),
      minArea: minArea ?? 0,
      ...(drawBoxes && { drawBoxes: true }),
    };
  }
  const needing = minArea !== undefined ? "--min-area" : drawBoxes ? "--draw-boxes" : undefined;
  if (needing === undefined) return {};
  throw bad(`${needing} is about regions: say by --threshold, as otsu, what one is`);
}

function readingOf({ window, frame, "max-pixels": maxPixels }: Values): ReadPictureOptions {
  const [center, width] = window ?? [];
  if (window !== undefined && (window.length !== 2 || width! <= 0)) {
    throw bad(`--window ${window.join(",")}: give a centre and a width above 0, as 40,400`);
  }
  return {
    ...keep("maxPixels", maxPixels),
    ...keep("frame", frame),
    ...keep("window", window && { center: center!, width: width! }),
  };
}

function boxesOf({ boxes = [], threshold }: Values): BoxFormatName[] {
  if (boxes.length > 0 && threshold === undefined)
    throw bad("--boxes are of regions: say by --threshold, as otsu, what one is");
  return [...new Set(boxes)].map((name) => {
    const found = BOX_FORMAT_NAMES.find((format) => format === name.toLowerCase());
    if (found !== undefined) return found;
    const known = BOX_FORMAT_NAMES.join(", ");
    throw bad(`--boxes "${name}" is not one of ${known}${suggestion(name, BOX_FORMAT_NAMES)}`);
  });
}

/** Which adapter to open: as typed, else as the environment says. */
export function adapterOf({ adapter }: Values, env: Readonly<Record<string, string | undefined>>): string {
  return adapter ?? (env["GRADLENS_ADAPTER"] || "auto");
}

/** Which parts of a file name tell the maps of one picture apart. */
function severalMaps(values: Values): { method: boolean; label: boolean; layer: boolean } {
  const choosing = (values.top ?? 1) > 1 || values["min-probability"] !== undefined;
  const targets = values.target?.join(",") ?? (choosing ? "all" : "top1");
  return {
    method: (values.method?.length ?? 1) > 1,
    label: /,|^top(?!1$)\d+$|^all$|^above:/i.test(targets) && values.top !== 1,
    layer: values["layers-each"] === true,
  };
}

function keep<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}

function bad(message: string): GradlensError {
  return new GradlensError("bad-argument", message);
}
