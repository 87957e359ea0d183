/** @file The records of this run's maps and refusals, joined with those of earlier runs. */

import type { Refusal } from "../cam/request/types.js";
import { GradlensError } from "../errors.js";
import { say } from "../language/say.js";
import { filesOf, filesOfMap, guidedKey, layersOf, mapKey } from "./manifest-records.js";
import type { Manifest, MapRecord, RefusalRecord } from "./manifest.js";
import { renderingOf, type DrawnRequest, type Request } from "./request.js";
import type { WantedMap, WantedResults } from "./wanted-maps.js";

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
  request: DrawnRequest,
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
    ...earlier,
    strip: sameStrip ? earlier.strip : undefined,
    ...files,
    ...(files.heat && { heatBits: request.heat }),
  };
  return {
    ...map,
    ...facts,
    ...(facts.regions === undefined && earlier?.mask && { regions: earlier.regions! }),
    rendering,
    // The order does not depend on an earlier record.
    ...(Object.fromEntries(
      FILE_KEYS.flatMap((key) => (all[key] === undefined ? [] : [[key, all[key]]])),
    ) as Pick<MapRecord, (typeof FILE_KEYS)[number]>),
  };
}

const FILE_KEYS = ["overlay", "heat", "heatBits", "npy", "mask", "guided", "gradient", "strip"] as const;
