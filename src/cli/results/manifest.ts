/**
 * @file manifest.json: what is in a folder of results, and how it came about. manifest.schema.json says the same for
 * other programs. It is written last, so its presence means that everything it names is there.
 */

import type { ChannelShare } from "../../cam/methods/channel-weights.js";
import type { DicomView } from "../../dicom/options.js";
import { GradlensError } from "../../errors.js";
import type { SixteenBits } from "../../node/sixteen-bits.js";
import { viewDisagreement } from "../inputs/picture-view.js";
import { isDeep } from "../text/json.js";
import { conforms } from "./json-schema.js";
import schema from "./manifest.schema.json" with { type: "json" };
import type { Region } from "../../image/regions.js";
import type { ColormapName } from "../../image/colormaps.js";
import type { Threshold } from "../../image/threshold.js";
import type { UnusedRecord } from "./unused-tensors.js";
import { variationKey, type Variation } from "./variation.js";

export const MANIFEST_NAME = "manifest.json";
const FORMAT = "gradlens-manifest";
const FORMAT_VERSION = 1;

export interface TargetRecord {
  readonly index: number;
  readonly label?: string;
  readonly logit: number;
  readonly score: number;
}

/** How a map becomes an overlay; part of a map's record in the manifest. */
export interface Rendering {
  readonly colormap: ColormapName;
  readonly alpha: number;
  readonly overlaySize: "image" | "input";
  /** Regions from this heat on are outlined. */
  readonly threshold?: Threshold;
  /** With a threshold: the least region, as a share of the picture. */
  readonly minArea?: number;
  /** The boxes of regions are drawn as well. */
  readonly drawBoxes?: true;
}

/** The regions of a map, in the picture's own pixels. */
export interface RegionsRecord extends Required<Pick<Rendering, "threshold" | "minArea">> {
  /** The heat from which on a pixel is in. */
  readonly level: number;
  /** The hottest first. */
  readonly found: readonly Region[];
}

/** One heat map and its files, by their names in the folder. */
export interface MapRecord extends Variation {
  readonly method: string;
  readonly layers: readonly string[];
  readonly target: TargetRecord;
  /** With topChannels, for each of `layers`: how many were looked at, and their share of the variance. */
  readonly channels?: readonly ChannelShare[];
  readonly rendering: Rendering;
  readonly overlay: string;
  readonly heat?: string;
  readonly heatBits?: 8 | 16;
  readonly npy?: string;
  /** Its regions as a picture of white and black. */
  readonly mask?: string;
  /** There where `mask` is. */
  readonly regions?: RegionsRecord;
  /** The guided Grad-CAM picture. */
  readonly guided?: string;
  /** Of a method of the picture's gradient: the gradient as a picture. */
  readonly gradient?: string;
  /** Picture, map, overlay and guided Grad-CAM in a row. */
  readonly strip?: string;
  /** The hottest pixel, in the picture's own pixels. */
  readonly peak: readonly [x: number, y: number];
  /** Where the peak lies, if not on what the picture shows. */
  readonly peakNote?: string;
  /** Of a map that keeps its sign: that nothing in it is positive. */
  readonly noHeat?: string;
  /** Why the map is zero everywhere. */
  readonly flat?: string;
}

/** A requested method that has no map at these layers, or does not fit into the memory. */
export interface RefusalRecord {
  readonly method: string;
  readonly layers: readonly string[];
  readonly reason: string;
}

/** One guided-backprop picture. */
export interface GuidedRecord {
  readonly target: TargetRecord;
  readonly picture: string;
}

export interface Manifest {
  readonly format: typeof FORMAT;
  readonly formatVersion: typeof FORMAT_VERSION;
  readonly versions: Readonly<Record<string, string>>;
  readonly adapter: {
    readonly name: string;
    readonly kind: string;
    readonly vendor: string;
    readonly architecture: string;
    readonly boundsChecks: boolean;
  };
  readonly weights: { readonly file: string; readonly bytes: number; readonly sha256: string };
  /** `file` is null for a picture from stdin. */
  readonly picture: {
    readonly file: string | null;
    readonly sha256: string;
    readonly width: number;
    readonly height: number;
    /** Of DICOM files. */
    readonly dicom?: DicomView;
    /** Of other files with samples of 16 bits. */
    readonly sixteenBits?: SixteenBits;
    /** Of files that hold several pages: the first was read. */
    readonly pages?: number;
  };
  readonly arch: string;
  readonly spelling: string;
  readonly layers: readonly string[];
  readonly preprocessing: {
    readonly size: readonly [height: number, width: number];
    readonly channels: number;
    readonly mean: readonly number[];
    readonly std: readonly number[];
    readonly bgr: boolean;
    readonly resize: string;
    /** Absent: pictures are resized straight to the size. */
    readonly cropPct?: number;
  };
  readonly assumed: readonly { readonly what: string; readonly value: unknown; readonly because: string }[];
  /** What the weights file says beside its weights and metadata. Absent in those of earlier versions. */
  readonly said?: readonly {
    readonly what: string;
    readonly value: unknown;
    readonly from: string;
    readonly used: boolean;
    readonly note?: string;
  }[];
  /** Settings that differ from those of the architecture's official weights. */
  readonly differences: readonly {
    readonly what: string;
    readonly trained: readonly number[];
    readonly used: readonly number[];
  }[];
  /** Tensors of the weights file that no parameter is made of. Absent in manifests of earlier versions. */
  readonly unused?: readonly UnusedRecord[];
  /** Other prefixes in the weights file that hold the whole model again; absent where there are none. */
  readonly alternatives?: readonly string[];
  readonly labels: readonly string[] | null;
  readonly activation: string;
  readonly logits: readonly number[];
  readonly scores: readonly number[];
  readonly dir: string;
  readonly timings: Readonly<Record<string, number>>;
  readonly maps: readonly MapRecord[];
  readonly guided: readonly GuidedRecord[];
  /** Absent in those of earlier versions. */
  readonly refused?: readonly RefusalRecord[];
  /** The files of this folder that gradlens wrote, with the SHA-256 of each. Absent in those of earlier versions. */
  readonly files?: FileHashes;
  /** Files that a run was putting in place when it ended: those that are there may be whole, and no record names them. */
  readonly writing?: FileHashes;
}

/** SHA-256 by a file's name. */
export type FileHashes = Readonly<Record<string, string>>;

/** A manifest's facts without the mark of its format. */
export function manifestOf(facts: Omit<Manifest, "format" | "formatVersion">): Manifest {
  return { format: FORMAT, formatVersion: FORMAT_VERSION, ...facts };
}

/** Files that a manifest says are in its folder. */
export function filesOf({ maps, guided }: Pick<Manifest, "maps" | "guided">): string[] {
  return [...maps.flatMap(filesOfMap), ...guided.map((record) => record.picture)];
}

export function filesOfMap({ overlay, heat, npy, mask, guided, gradient, strip }: MapRecord): string[] {
  return [overlay, heat, npy, mask, guided, gradient, strip].filter((file) => file !== undefined);
}

/** Equal for records of the same map, whatever it was drawn with. */
export function mapKey(
  map: Pick<MapRecord, "method" | "layers"> &
    Partial<Variation> & { readonly target: Pick<TargetRecord, "index" | "label"> },
): string {
  const { method, layers, target } = map;
  return JSON.stringify([method, layers, target.index, target.label ?? null, ...variationKey(map)]);
}

/** A float32 with nine digits, which identify it. */
export function shortNumber(value: number): number {
  return Number(value.toPrecision(9));
}

export function guidedKey({ target }: { readonly target: Pick<TargetRecord, "index" | "label"> }): string {
  return JSON.stringify([target.index, target.label ?? null]);
}

/** What must agree before results of two runs may stand in one folder. */
export type ResultIdentity = Pick<Manifest, "weights" | "picture" | "preprocessing" | "arch" | "spelling">;

/** In what way the results of `old` are of something else, in words; undefined where they are not. */
export function disagreement(old: ResultIdentity, now: ResultIdentity): string | undefined {
  if (old.weights.sha256 !== now.weights.sha256) return `other weights (${old.weights.file})`;
  if (old.picture.sha256 !== now.picture.sha256) return "another picture";
  const view = viewDisagreement(old.picture, now.picture);
  if (view !== undefined) return view;
  if (old.arch !== now.arch || old.spelling !== now.spelling)
    return `another model (${old.arch}, ${old.spelling})`;
  const keys = Object.keys({
    ...old.preprocessing,
    ...now.preprocessing,
  }) as (keyof ResultIdentity["preprocessing"])[];
  const shown = (one: ResultIdentity, key: (typeof keys)[number]): string =>
    JSON.stringify(one.preprocessing[key]) ?? "off";
  const key = keys.find((one) => shown(old, one) !== shown(now, one));
  if (key !== undefined) return `other preprocessing (${key} ${shown(old, key)}, now ${shown(now, key)})`;
  return undefined;
}

/** The newer run's facts with the maps of both; a map that both have is the newer one. */
export function mergeManifests(old: Manifest | undefined, now: Manifest): Manifest {
  if (old === undefined) return now;
  const newMaps = new Set(now.maps.map(mapKey));
  const newGuided = new Set(now.guided.map(guidedKey));
  const maps = [...old.maps.filter((map) => !newMaps.has(mapKey(map))), ...now.maps];
  const guided = [...old.guided.filter((record) => !newGuided.has(guidedKey(record))), ...now.guided];
  return { ...now, maps, guided, layers: layersOf(maps) };
}

/** Every layer that some map looks at, once. */
export function layersOf(maps: readonly Pick<MapRecord, "layers">[]): string[] {
  return [...new Set(maps.flatMap((map) => map.layers))];
}

/** As in the file: indented, but arrays of numbers on one line. */
export function manifestText(manifest: Manifest): string {
  const numbers = /\[\n\s+(-?\d[-\d.eE+,\s]*?)\n\s+\]/g;
  const onOneLine = (_: string, body: string): string => `[${body.replace(/\s+/g, " ")}]`;
  return `${JSON.stringify(manifest, null, 2).replace(numbers, onOneLine)}\n`;
}

/**
 * Reads a manifest's text; undefined where it is none of ours.
 * @throws GradlensError "bad-file" for one of a later gradlens
 */
export function parseManifest(text: string, path: string): Manifest | undefined {
  let value: { readonly format?: unknown; readonly formatVersion?: unknown } | null;
  try {
    value = JSON.parse(text) as typeof value;
  } catch {
    return undefined;
  }
  if (value?.format !== FORMAT) return undefined;
  if ((value.formatVersion as number) > FORMAT_VERSION) {
    throw new GradlensError(
      "bad-file",
      `${path} was written by a later gradlens (format ${String(value.formatVersion)}): update gradlens or name another --out`,
    );
  }
  return isManifest(value) ? value : undefined;
}

/** Whether it is as the schema says, so that later runs may rely on all of it, and names only files that they may replace. */
function isManifest(value: unknown): value is Manifest {
  if (isDeep(value) || !conforms(value, schema)) return false;
  const { logits, scores, maps, guided, files, writing } = value as Manifest;
  if (scores.length !== logits.length) return false;
  if (![...maps, ...guided].every(({ target }) => target.index < logits.length)) return false;
  const names = [...filesOf({ maps, guided }), ...Object.keys({ ...files, ...writing })];
  return names.every(isResultName);
}

/** Whether gradlens gives files of results such a name: in the folder itself, a picture or an array. */
function isResultName(file: string): boolean {
  return /^[^/\\\0]+\.(png|jpe?g|npy)$/i.test(file);
}
