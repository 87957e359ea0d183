/** @file The results that a picture's folder should hold, the missing ones, and the records of new ones. */

import type { MapOptionValues } from "../cam/map-options.js";
import { isInputMethod, isWholeModelMethod, type MethodName } from "../cam/methods/table.js";
import type { Activation } from "../cam/scores.js";
import type { Refusal } from "../cam/request/types.js";
import type { ColormapName } from "../image/colormaps.js";
import type { Box } from "../image/rle.js";
import { GradlensError } from "../errors.js";
import {
  filesOf,
  filesOfMap,
  guidedKey,
  layersOf,
  mapKey,
  type GuidedRecord,
  type Manifest,
  type MapRecord,
  type RefusalRecord,
  type TargetRecord,
  type Rendering,
} from "./manifest.js";
import { variationOf, type Variation } from "./variation.js";
import {
  defaultStem,
  fillName,
  layerPart,
  type Kind,
  type NameParts,
  type NamePatterns,
} from "./file-names.js";
import { NameBook, safeName, safePair } from "../text/safe-names.js";
import { say } from "../language/say.js";

/** The file names of a map. */
export type MapFiles = Pick<MapRecord, "overlay" | "heat" | "npy" | "mask" | "guided" | "gradient" | "strip">;

/** A requested map, with the names of its files. */
export interface WantedMap extends Pick<MapRecord, "layers" | "target">, Variation {
  readonly method: MethodName;
  readonly files: MapFiles;
}

export interface Request {
  readonly methods: readonly MethodName[];
  /** Resolved paths; each group gives one map. */
  readonly layerGroups: readonly (readonly string[])[];
  /** The layers that are left out of a map's name. */
  readonly defaultLayers: readonly string[];
  readonly layersEach: boolean;
  readonly mapOptions: MapOptionValues;
  readonly activation: Activation;
  readonly guided: boolean;
  readonly strip: boolean;
  readonly heat: 8 | 16 | undefined;
  readonly npy: boolean;
  readonly rendering: Rendering;
  readonly signedColormap: ColormapName;
  /** The boxes that people drew on the picture, by class index; undefined where none are given. */
  readonly truth?: ReadonlyMap<number, readonly Box[]> | undefined;
  /** The patterns of file names. */
  readonly names: NamePatterns;
  /** What patterns say of the picture and the model. */
  readonly nameParts: Pick<NameParts, "image" | "model" | "arch">;
  /** Picture and model before names without a pattern, where results of several pictures share a folder. */
  readonly prefix: string | undefined;
  /** Behind names by a pattern, where results of other settings share the folder. */
  readonly mark: string;
  /** Of overlays and guided pictures without a pattern, as `.png`. */
  readonly suffix: string;
  /** Each class as part of a file name. */
  readonly fileLabels: readonly string[];
  /** The model's output is an embedding, which has a file of its own. */
  readonly isEmbedding: boolean;
}

/** The part of a request that affects only how its maps are drawn. */
type Drawn = Pick<Request, "rendering" | "signedColormap" | "heat" | "truth">;

/** The rendering of one map. */
export function renderingOf(
  { rendering, signedColormap, truth }: Omit<Drawn, "heat">,
  { signed, target }: Pick<WantedMap, "signed" | "target">,
): Rendering {
  const boxes = truth?.get(target.index);
  return {
    ...rendering,
    ...(signed && { colormap: signedColormap }),
    ...(boxes && { truth: boxes }),
  };
}

export interface WantedResults {
  readonly maps: readonly WantedMap[];
  readonly guided: readonly GuidedRecord[];
}

/** All maps of a request for these targets, methods first, as Model.explain returns them. */
export function wantedOf(request: Request, targets: readonly TargetRecord[]): WantedResults {
  const book = new NameBook();
  const { mapOptions, activation } = request;
  if (request.isEmbedding) book.take("embedding", ".npy");
  const scaled = targets.map(({ index, vector }) =>
    vector ? [vector.sha256, vector.row ?? []].flat().join(":") : index,
  );
  const maps = request.methods.flatMap((method) => {
    const variation = variationOf(method, mapOptions, activation, scaled);
    return groupsOf(request, method).flatMap((layers) =>
      targets.map((target) => ({
        method,
        layers,
        target,
        ...variation,
        files: filesFor(request, { method, layers, target, variation }, book),
      })),
    );
  });
  const guided = request.guided
    ? targets.map((target) => ({ target, picture: guidedName(request, target, book) }))
    : [];
  return { maps, guided };
}

/** What the names of a map follow from. */
interface Named {
  readonly method: MethodName;
  readonly layers: readonly string[];
  readonly target: TargetRecord;
  readonly variation: Variation;
}

function filesFor(request: Request, map: Named, book: NameBook): MapFiles {
  const { method } = map;
  const { stem, suffix } = nameOf(request, map);
  const overlay = book.take(stem, suffix);
  const plain = overlay.slice(0, -suffix.length);
  const product = request.names.cam_gb && fillName(request.names.cam_gb, partsOf(request, map, "cam_gb"));
  return {
    overlay,
    ...(request.heat && { heat: book.take(plain, ".heat.png") }),
    ...(request.npy && { npy: book.take(plain, ".npy") }),
    ...(request.rendering.threshold !== undefined && { mask: book.take(plain, ".mask.png") }),
    // A map that is a gradient itself is not multiplied with another one.
    ...(request.guided &&
      !isInputMethod(method) && {
        guided: product
          ? book.take(product.stem + request.mark, product.suffix)
          : book.take(plain, `.guided${suffix}`),
      }),
    ...(request.strip && { strip: book.take(plain, ".strip.png") }),
    ...(isInputMethod(method) && { gradient: book.take(plain, ".gradient.png") }),
  };
}

/** The picture of guided backprop depends on no method and no layer; a pattern may name the only method. */
function guidedName(request: Request, target: TargetRecord, book: NameBook): string {
  const { names, methods, mark, prefix, suffix } = request;
  const label = request.fileLabels[target.index]!;
  if (names.gb === undefined) return book.take(prefixed(prefix, safeName(`guided-${label}`)), suffix);
  const [only, ...others] = methods;
  const method = only === undefined || others.length > 0 ? "guided" : only;
  const parts = { method, label, layer: "model", kind: "gb" } as const;
  const filled = fillName(names.gb, { ...request.nameParts, ...parts });
  return book.take(filled.stem + mark, filled.suffix);
}

const prefixed = (prefix: string | undefined, stem: string): string =>
  prefix === undefined ? stem : safePair(prefix, stem);

/** A method without layers has one map. */
const groupsOf = ({ layerGroups }: Request, method: MethodName): Request["layerGroups"] =>
  isWholeModelMethod(method) ? [[]] : layerGroups;

const partsOf = (request: Request, { method, layers, target }: Named, kind: Kind): NameParts => ({
  ...request.nameParts,
  method,
  label: request.fileLabels[target.index]!,
  layer: layerPart(layers),
  kind,
});

function nameOf(request: Request, map: Named): { stem: string; suffix: string } {
  const { names, mark, prefix, suffix } = request;
  const parts = partsOf(request, map, "cam");
  if (names.cam !== undefined) {
    const filled = fillName(names.cam, parts);
    return { ...filled, stem: filled.stem + mark };
  }
  const { method, layers, variation } = map;
  const isDefault =
    layers.length === 0 ||
    (!request.layersEach && JSON.stringify(layers) === JSON.stringify(request.defaultLayers));
  const { label, layer } = parts;
  // `guided-LABEL.png` is the picture of --guided.
  const plain = { method: method === "guided" ? "guided-heat" : method, label };
  return {
    stem: prefixed(prefix, defaultStem(isDefault ? plain : { ...plain, layer }, variation)),
    suffix,
  };
}

/** The maps that the manifest lacks, or that it has with another rendering or with missing files. */
export function missingOf(
  wanted: WantedResults,
  request: Drawn,
  manifest: Manifest | undefined,
  isThere: (file: string) => boolean,
): WantedResults {
  if (manifest === undefined) return wanted;
  const maps = new Map(manifest.maps.map((record) => [mapKey(record), record]));
  const guided = new Map(manifest.guided.map((record) => [guidedKey(record), record]));
  const complete = ({ files, ...map }: WantedMap): boolean => {
    const record = maps.get(mapKey(map));
    return (
      record !== undefined &&
      JSON.stringify(record.rendering) === JSON.stringify(renderingOf(request, map)) &&
      (files.heat === undefined || record.heatBits === request.heat) &&
      Object.entries(files).every(([kind, file]) => record[kind as keyof MapFiles] === file) &&
      filesOfMap(record).every(isThere)
    );
  };
  return {
    maps: wanted.maps.filter((map) => !complete(map)),
    guided: wanted.guided.filter((record) => {
      const has = guided.get(guidedKey(record));
      return has?.picture !== record.picture || !isThere(has.picture);
    }),
  };
}

/**
 * The previous manifest, without records whose files the new ones would replace.
 * @throws GradlensError "bad-file" if that would lose another map, unless `force` is set
 */
export function withoutClashes(before: Manifest, wanted: WantedResults, force: boolean): Manifest {
  const newMaps = new Set(wanted.maps.map(mapKey));
  const newGuided = new Set(wanted.guided.map(guidedKey));
  const taken = new Set([
    ...wanted.maps.flatMap((map) => Object.values(map.files)),
    ...wanted.guided.map((g) => g.picture),
  ]);
  const clash = (files: readonly string[]): boolean => files.some((file) => taken.has(file));
  const lost = before.maps.filter((record) => !newMaps.has(mapKey(record)) && clash(filesOfMap(record)));
  const lostGuided = before.guided.filter(
    (record) => !newGuided.has(guidedKey(record)) && clash([record.picture]),
  );
  if (lost.length + lostGuided.length === 0) return before;
  const [file] = filesOf({ maps: lost, guided: lostGuided }).filter((name) => taken.has(name));
  if (!force) {
    throw new GradlensError(
      "bad-file",
      say`${file} holds another map of an earlier run: --force replaces it, or give other names with --name`,
    );
  }
  return {
    ...before,
    maps: before.maps.filter((record) => !lost.includes(record)),
    guided: before.guided.filter((record) => !lostGuided.includes(record)),
  };
}

/** A manifest with this run's maps last, in the order of the request. */
export function inRequestedOrder(manifest: Manifest, wanted: WantedResults): Manifest {
  const sorted = <T>(
    records: readonly T[],
    requested: readonly string[],
    keyOf: (record: T) => string,
  ): T[] => {
    const places = new Map(requested.map((key, i) => [key, i]));
    const placeOf = (record: T): number => places.get(keyOf(record)) ?? -1;
    return [...records].sort((a, b) => placeOf(a) - placeOf(b));
  };
  const maps = sorted(manifest.maps, wanted.maps.map(mapKey), mapKey);
  const guided = sorted(manifest.guided, wanted.guided.map(guidedKey), guidedKey);
  return { ...manifest, maps, guided, layers: layersOf(maps) };
}

/** The refusals of earlier runs and of this one, in order. This run replaces those of its own methods. */
export function refusedOf(
  before: readonly RefusalRecord[] = [],
  { methods, refused }: { readonly methods: readonly string[]; readonly refused: readonly Refusal[] },
  { layerGroups }: Pick<Request, "layerGroups">,
): RefusalRecord[] {
  const layers = layerGroups.flat();
  const requested = [...methods, ...refused.map(({ method }) => method)];
  const isRequested = (one: RefusalRecord): boolean =>
    requested.includes(one.method) && one.layers.join() === layers.join();
  const now = refused.map(({ method, reason }) => ({ method, layers, reason }));
  const key = ({ method, layers }: RefusalRecord): string => JSON.stringify([method, layers]);
  return [...before.filter((one) => !isRequested(one)), ...now].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Facts known once a map is computed. */
export type MapFacts = Pick<
  MapRecord,
  "peak" | "flat" | "noHeat" | "truth" | "peakNote" | "channels" | "regions"
>;

/** The record of a new map. It keeps files of an earlier drawing that this run does not redraw. */
export function recordOf(
  { files, ...map }: WantedMap,
  request: Drawn,
  facts: MapFacts,
  before: Manifest | undefined,
): MapRecord {
  const earlier = before?.maps.find((record) => mapKey(record) === mapKey(map));
  const rendering = renderingOf(request, map);
  // A strip shows one drawing: it stays only if redrawing would give the same.
  const sameStrip =
    earlier?.strip !== undefined &&
    JSON.stringify(earlier.rendering) === JSON.stringify(rendering) &&
    (files.guided === undefined || earlier.guided !== undefined);
  const all = {
    ...(earlier?.heat && { heat: earlier.heat, heatBits: earlier.heatBits! }),
    ...(earlier?.npy && { npy: earlier.npy }),
    ...(earlier?.mask && { mask: earlier.mask }),
    ...(earlier?.guided && { guided: earlier.guided }),
    ...(earlier?.gradient && { gradient: earlier.gradient }),
    ...(sameStrip && { strip: earlier.strip }),
    ...files,
    ...(files.heat && { heatBits: request.heat! }),
  };
  return {
    ...map,
    ...facts,
    ...(facts.regions === undefined && earlier?.mask && { regions: earlier.regions! }),
    rendering,
    // The order does not depend on an earlier record.
    ...(Object.fromEntries(
      FILE_KEYS.flatMap((key) => (all[key] === undefined ? [] : [[key, all[key]]])),
    ) as typeof all),
  };
}

const FILE_KEYS = ["overlay", "heat", "heatBits", "npy", "mask", "guided", "gradient", "strip"] as const;
