/** @file The entries of a grid: the maps of a run and the refused methods, each with its position on the axes. */

import type { Refusal } from "../../cam/request/types.js";
import type { Picture } from "../../image/picture.js";
import type { Manifest, MapRecord, TargetRecord } from "../../results/manifest.js";
import type { Axis, GridPosition } from "./axes.js";

/** The results of one picture by one model. */
export interface GridSource {
  /** The unmodified picture. */
  readonly picture: () => Promise<Picture>;
  /** Unique for each picture and model. */
  readonly image: string;
  readonly model: string;
  readonly manifest: Manifest;
  /** The requested maps, in order. */
  readonly requested: readonly MapRecord[];
  /** The requested methods. */
  readonly methods: readonly string[];
  /** The requested methods that the model does not support. */
  readonly refused: readonly Refusal[];
}

export interface Entry {
  readonly source: GridSource;
  readonly record: MapRecord;
  readonly at: GridPosition;
}

/** A method that gives no map for a model, whatever the picture. */
export interface RefusedEntry {
  readonly reason: string;
  readonly at: GridPosition & { readonly model: string; readonly method: string };
}

export interface AxisValues {
  /** The values in `GridPosition`, in order. */
  readonly keys: readonly string[];
  /** The values differ between pictures, so the axis has their ranks: the first label, the second. */
  readonly byPlace: boolean;
  readonly shown: (key: string) => string;
}

export interface Entries {
  readonly entries: readonly Entry[];
  readonly refused: readonly RefusedEntry[];
  readonly values: Readonly<Record<Axis, AxisValues>>;
}

/** The value of maps without layers on the axis of layers. */
export const WHOLE_MODEL = "whole model";

/** All maps of some sources, each with its position on every axis. */
export function entriesOf(sources: readonly GridSource[]): Entries {
  const targets = placesOf(
    sources.map((source) => source.requested.map((map) => targetKey(source, map.target))),
    "label",
  );
  const layers = placesOf(
    sources.map(({ requested }) => requested.filter(isLayerMethod).map(layerKey)),
    "layer",
  );
  const entries = sources.flatMap((source, i) =>
    source.requested.map((record): Entry => {
      const { image, model } = source;
      const { method } = record;
      const target = targets.keyOf(i, targetKey(source, record.target));
      const at = { image, model, method, target };
      if (!isLayerMethod(record)) return { source, record, at };
      return { source, record, at: { ...at, layer: layers.keyOf(i, layerKey(record)) } };
    }),
  );
  const refused = new Map(
    sources.flatMap(({ model, refused }) =>
      refused.map(({ method, reason }): [string, RefusedEntry] => [
        JSON.stringify([model, method]),
        { reason, at: { model, method } },
      ]),
    ),
  );
  const image = namesOf(
    sources,
    (one) => one.image,
    ({ manifest }) => manifest.picture.file ?? "stdin",
  );
  const model = namesOf(
    sources,
    (one) => one.model,
    ({ manifest }) => manifest.weights.file,
  );
  const methods = [...new Set(sources.flatMap((source) => source.methods))];
  const method = { keys: methods, byPlace: false, shown: same };
  return {
    entries,
    refused: [...refused.values()],
    values: { image, model, method, target: targets.values, layer: layers.values },
  };
}

/** The values of some maps on an axis, in order. */
export function valuesIn(entries: readonly Entry[], axis: Axis, { values }: Entries): string[] {
  const present = new Set(entries.map(({ at }) => at[axis]));
  const keys = values[axis].keys.filter((key) => present.has(key));
  return keys.length > 0 ? keys : [WHOLE_MODEL];
}

const same = (text: string): string => text;

export const isLayerMethod = ({ layers }: Pick<MapRecord, "layers">): boolean => layers.length > 0;

export function layerKey({ layers }: Pick<MapRecord, "layers">): string {
  return layers.join(" + ");
}

/** A target's label, with its index if the model has the label twice. */
export function targetKey({ manifest }: GridSource, { index, label }: TargetRecord): string {
  if (label === undefined) return `class ${index}`;
  const twice =
    manifest.labels !== null && manifest.labels.indexOf(label) !== manifest.labels.lastIndexOf(label);
  return twice ? `${label} (class ${index})` : label;
}

/**
 * Values of an axis on which each source has its own: the values themselves if all sources that have any agree, else
 * their ranks.
 */
function placesOf(
  lists: readonly (readonly string[])[],
  what: string,
): { values: AxisValues; keyOf: (source: number, value: string) => string } {
  const own = lists.map((list) => [...new Set(list)]);
  const filled = own.filter((list) => list.length > 0);
  if (new Set(filled.map((list) => JSON.stringify([...list].sort()))).size <= 1) {
    return { values: { keys: filled[0] ?? [], byPlace: false, shown: same }, keyOf: (_, value) => value };
  }
  const most = own.reduce((longest, list) => Math.max(longest, list.length), 0);
  return {
    values: {
      keys: Array.from({ length: most }, (_, i) => String(i + 1)),
      byPlace: true,
      shown: (key) => (key === WHOLE_MODEL ? key : `${what} ${key}`),
    },
    keyOf: (source, value) => String(own[source]!.indexOf(value) + 1),
  };
}

/** Names of pictures or models: short unless two would be equal. */
function namesOf(
  sources: readonly GridSource[],
  keyOf: (source: GridSource) => string,
  nameOf: (source: GridSource) => string,
): AxisValues {
  const names = new Map(sources.map((source) => [keyOf(source), nameOf(source)]));
  const all = [...names.values()];
  const shown = (key: string): string => {
    const name = names.get(key)!;
    return all.indexOf(name) === all.lastIndexOf(name) ? name : key;
  };
  return { keys: [...names.keys()], byPlace: false, shown };
}
