/** @file The records of a manifest: their files, what makes two of them the same, and the union of two runs' records. */

import type { Manifest, MapRecord, TargetRecord } from "./manifest.js";
import { variationKey, type Variation } from "./variation.js";

/** The files that a manifest names. */
export function filesOf({
  maps,
  guided,
  embedding,
}: Pick<Manifest, "maps" | "guided" | "embedding">): string[] {
  return [
    ...(embedding ? [embedding.npy] : []),
    ...maps.flatMap(filesOfMap),
    ...guided.map((record) => record.picture),
  ];
}

export function filesOfMap({ overlay, heat, npy, mask, guided, gradient, strip }: MapRecord): string[] {
  return [overlay, heat, npy, mask, guided, gradient, strip].filter((file) => file !== undefined);
}

/** Equal for records of the same map, whatever its rendering. */
export function mapKey(
  map: Pick<MapRecord, "method" | "layers"> & Partial<Variation> & { readonly target: KeyedTarget },
): string {
  const { method, layers, target } = map;
  return JSON.stringify([method, layers, ...targetIdentity(target), ...variationKey(map)]);
}

type KeyedTarget = Pick<TargetRecord, "index" | "label" | "vector">;

/** A vector's index holds for its run only. */
export const targetIdentity = ({ index, label, vector }: KeyedTarget): readonly unknown[] =>
  vector ? [vector.sha256, vector.row ?? null, vector.similarity] : [index, label ?? null];

export function guidedKey({ target }: { readonly target: KeyedTarget }): string {
  return JSON.stringify(targetIdentity(target));
}

/** The newer run's facts, with the maps of both runs. For a map in both, the newer record. */
export function mergeManifests(old: Manifest | undefined, now: Manifest): Manifest {
  if (old === undefined) return now;
  const newMaps = new Set(now.maps.map(mapKey));
  const newGuided = new Set(now.guided.map(guidedKey));
  const maps = [...old.maps.filter((map) => !newMaps.has(mapKey(map))), ...now.maps];
  const guided = [...old.guided.filter((record) => !newGuided.has(guidedKey(record))), ...now.guided];
  return { ...now, maps, guided, layers: layersOf(maps) };
}

/** Every layer of the maps, once. */
export function layersOf(maps: readonly Pick<MapRecord, "layers">[]): string[] {
  return [...new Set(maps.flatMap((map) => map.layers))];
}
