/** @file The entries of a grid: its maps, gradients and refused methods, each with its position on the axes. */

import type { Axis, GridPosition } from "./axes.js";
import { GUIDED_BACKPROP, guidedName, type Headings, type Word } from "./headings.js";
import type { GridMap, GridSource, LazyPicture } from "./sources.js";

/** A picture of a map or a gradient, with the facts that are printed beside it. */
export interface Entry {
  readonly source: GridSource;
  readonly target: GridMap["target"];
  /** Empty for methods that read no layer, and for guided backprop. */
  readonly layers: readonly string[];
  /** The key on the axis of methods. */
  readonly method: string;
  /** Absent for gradients. */
  readonly map?: GridMap;
  readonly shown: LazyPicture;
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
export function entriesOf(sources: readonly GridSource[], { method: methodWord, other }: Headings): Entries {
  const made = sources.map(pictured);
  const targets = placesOf(
    made.map((entries) => entries.map(({ source, target }) => targetKey(source, target))),
    "label",
    other,
  );
  const layers = placesOf(
    made.map((entries) => entries.filter(hasLayers).map(layerKey)),
    "layer",
    other,
  );
  const entries = made.flatMap((own, i) =>
    own.map((entry): Entry => {
      const { source, method } = entry;
      const target = targets.keyOf(i, targetKey(source, entry.target));
      const at = { image: source.image.key, model: source.model.key, method, target };
      if (!hasLayers(entry)) return { ...entry, at };
      return { ...entry, at: { ...at, layer: layers.keyOf(i, layerKey(entry)) } };
    }),
  );
  const refused = new Map(
    sources.flatMap(({ model: { key: model }, refused }) =>
      refused.map(({ method, reason }): [string, RefusedEntry] => [
        JSON.stringify([model, method]),
        { reason, at: { model, method } },
      ]),
    ),
  );
  const [images, models] = [sources.map((source) => source.image), sources.map((source) => source.model)];
  const image = namesOf(images, other);
  const model = namesOf(models, other);
  const method = { keys: methodKeys(sources), byPlace: false, shown: methodWord };
  return {
    entries,
    refused: [...refused.values()],
    values: { image, model, method, target: targets.values, layer: layers.values },
  };
}

/** The pictures of a source: its maps, guided backprop, and guided Grad-CAM. */
function pictured(source: GridSource): Omit<Entry, "at">[] {
  const maps = source.maps.map((map) => {
    const { method, layers, target, overlay } = map;
    return { source, map, method, layers, target, shown: overlay };
  });
  const gradients = source.gradients.map(({ target, shown }) => {
    return { source, target, layers: [], method: GUIDED_BACKPROP, shown };
  });
  const guided = source.maps.flatMap(({ guided: shown, method, layers, target }) =>
    shown ? [{ source, layers, target, method: guidedName(method), shown }] : [],
  );
  return [...maps, ...gradients, ...guided];
}

function methodKeys(sources: readonly GridSource[]): string[] {
  const methods = sources.flatMap((source) => source.methods);
  const gradients = sources.some((source) => source.gradients.length > 0) ? [GUIDED_BACKPROP] : [];
  return [...new Set([...methods, ...gradients, ...methods.map(guidedName)])];
}

/** The values of some maps on an axis, in order. */
export function valuesIn(entries: readonly Entry[], axis: Axis, { values }: Entries): string[] {
  const present = new Set(entries.map(({ at }) => at[axis]));
  const keys = values[axis].keys.filter((key) => present.has(key));
  return keys.length > 0 ? keys : [WHOLE_MODEL];
}

export const hasLayers = ({ layers }: Pick<GridMap, "layers">): boolean => layers.length > 0;

export function layerKey({ layers }: Pick<GridMap, "layers">): string {
  return layers.join(" + ");
}

/** A target's label, with its index if the model has the label twice. */
export function targetKey({ labels }: GridSource, { index, label }: GridMap["target"]): string {
  if (label === undefined) return `class ${index}`;
  const twice = labels !== null && labels.indexOf(label) !== labels.lastIndexOf(label);
  return twice ? `${label} (class ${index})` : label;
}

/**
 * Values of an axis on which each source has its own: the values themselves if all sources that have any agree, else
 * their ranks.
 */
function placesOf(
  lists: readonly (readonly string[])[],
  what: string,
  word: Word,
): { values: AxisValues; keyOf: (source: number, value: string) => string } {
  const own = lists.map((list) => [...new Set(list)]);
  const filled = own.filter((list) => list.length > 0);
  if (new Set(filled.map((list) => JSON.stringify([...list].sort()))).size <= 1) {
    return { values: { keys: filled[0] ?? [], byPlace: false, shown: word }, keyOf: (_, value) => value };
  }
  const most = own.reduce((longest, list) => Math.max(longest, list.length), 0);
  return {
    values: {
      keys: Array.from({ length: most }, (_, i) => String(i + 1)),
      byPlace: true,
      shown: (key) => word(key === WHOLE_MODEL ? key : `${what} ${key}`),
    },
    keyOf: (source, value) => String(own[source]!.indexOf(value) + 1),
  };
}

/** Names of pictures or models: short unless two would be equal. */
function namesOf(all: readonly GridSource["image"][], word: Word): AxisValues {
  const names = new Map(all.map(({ key, name }) => [key, name]));
  const list = [...names.values()];
  const shown = (key: string): string => {
    const name = names.get(key)!;
    return word(list.indexOf(name) === list.lastIndexOf(name) ? name : key);
  };
  return { keys: [...names.keys()], byPlace: false, shown };
}
