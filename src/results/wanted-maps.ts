/** @file The results that a picture's folder should hold, and the missing ones. */

import { isWholeModelMethod, type MethodName } from "../cam/methods/table.js";
import { NameBook } from "../text/safe-names.js";
import { filesFor, guidedName, type MapFiles } from "./map-files.js";
import { filesOfMap, guidedKey, mapKey } from "./manifest-records.js";
import type { GuidedRecord, Manifest, MapRecord, TargetRecord } from "./manifest.js";
import { renderingOf, type DrawnRequest, type Request } from "./request.js";
import { variationOf, type Variation } from "./variation.js";

/** A requested map, with the names of its files. */
export interface WantedMap extends Pick<MapRecord, "layers" | "target">, Variation {
  readonly method: MethodName;
  readonly files: MapFiles;
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

/** A method without layers has one map. */
const groupsOf = ({ layerGroups }: Request, method: MethodName): Request["layerGroups"] =>
  isWholeModelMethod(method) ? [[]] : layerGroups;

/** The maps that the manifest lacks, or that it has with another rendering or with missing files. */
export function missingOf(
  wanted: WantedResults,
  request: DrawnRequest,
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
