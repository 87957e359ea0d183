/** @file What the rows and columns of a grid can be, and what stands in them. */

import { GradlensError } from "../../errors.js";
import type { Picture } from "../../image/picture.js";
import type { Manifest, MapRecord, TargetRecord } from "../results/manifest.js";
import { suggestion } from "../arguments/suggest.js";

export const AXES = ["image", "model", "target", "layer", "method"] as const;
export type Axis = (typeof AXES)[number];

/** `--grid`: an axis or two; "auto": whatever there are several of. */
export type GridSpec = "auto" | { readonly rows?: Axis; readonly columns: Axis };

const WAY = "give ROWSxCOLUMNS, as target x method, or one of method, target, layer, image, model";

/** Reads `--grid`'s text. Throws `bad-argument`. */
export function parseGrid(text: string): GridSpec {
  const words = text.toLowerCase().trim();
  if (words === "auto") return "auto";
  const axes = words.split(/\s*[×*,]\s*|\s+x\s+|(?<=[a-z])x(?=[a-z])|\s+/).map((word) => {
    const axis = AXES.find((one) => word === one || word === `${one}s`);
    if (axis !== undefined) return axis;
    throw bad(`--grid "${text}": "${word}" is no axis${suggestion(word, AXES) || `; ${WAY}`}`);
  });
  const [first, second] = axes;
  if (axes.length > 2) throw bad(`--grid "${text}" names ${axes.length} axes: ${WAY}`);
  if (first === second) throw bad(`--grid "${text}" names ${first} twice: ${WAY}`);
  return second === undefined ? { columns: first! } : { rows: first!, columns: second };
}

/** What a run has of one picture by one model. */
export interface GridSource {
  /** The picture as it is. */
  readonly picture: () => Promise<Picture>;
  /** Tell pictures and models apart. */
  readonly image: string;
  readonly model: string;
  readonly manifest: Manifest;
  /** The maps that were asked for, in their order. */
  readonly asked: readonly MapRecord[];
  /** The methods that were asked for, refused ones too. */
  readonly methods: readonly string[];
}

/** One map that there is, or that was refused. */
export interface Entry {
  readonly source: GridSource;
  readonly target: TargetRecord;
  readonly layers: readonly string[];
  readonly record?: MapRecord;
  /** Why there is nothing to see. */
  readonly words?: string;
  /** Where it stands on each axis. */
  readonly at: Readonly<Record<Axis, string>>;
}

export interface AxisValues {
  /** Of `Entry.at`, in order. */
  readonly keys: readonly string[];
  /** Differs from picture to picture, so that only its place is on the axis: the first label, the second. */
  readonly byPlace: boolean;
  readonly shown: (key: string) => string;
}

export interface Entries {
  readonly entries: readonly Entry[];
  readonly values: Readonly<Record<Axis, AxisValues>>;
}

/** All maps of some sources, each with its place on every axis. */
export function entriesOf(sources: readonly GridSource[]): Entries {
  const targets = placesOf(
    sources.map((source) => source.asked.map((map) => targetKey(source, map.target))),
    "label",
  );
  const layers = placesOf(
    sources.map(({ asked }) => asked.map((map) => layerKey(map.layers))),
    "layer",
  );
  const entries = sources.flatMap((source, i): Entry[] => {
    const placed = (one: Pick<MapRecord, "method" | "layers" | "target">): Entry => ({
      source,
      target: one.target,
      layers: one.layers,
      at: {
        image: source.image,
        model: source.model,
        method: one.method,
        target: targets.keyOf(i, targetKey(source, one.target)),
        layer: layers.keyOf(i, layerKey(one.layers)),
      },
    });
    const made = source.asked.map((record) => ({
      ...placed(record),
      ...(record.flat === undefined ? { record } : { words: `flat: ${record.flat}` }),
    }));
    return [...made, ...refusedOf(source).map(([one, words]) => ({ ...placed(one), words }))];
  });
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
  const method = {
    keys: methods.filter((name) => entries.some(({ at }) => at.method === name)),
    byPlace: false,
    shown: same,
  };
  return { entries, values: { image, model, method, target: targets.values, layer: layers.values } };
}

const same = (text: string): string => text;

export function layerKey(layers: readonly string[]): string {
  return layers.join(" + ");
}

/** A target's label; with its index where the model has the label twice. */
export function targetKey({ manifest }: GridSource, { index, label }: TargetRecord): string {
  if (label === undefined) return `class ${index}`;
  const twice =
    manifest.labels !== null && manifest.labels.indexOf(label) !== manifest.labels.lastIndexOf(label);
  return twice ? `${label} (class ${index})` : label;
}

/** The refused methods of a source as maps of each of its targets, with the reason. */
function refusedOf(
  source: GridSource,
): (readonly [Pick<MapRecord, "method" | "layers" | "target">, string])[] {
  const { asked, manifest, methods } = source;
  const groups = [
    ...new Map(
      asked.map(({ layers, target }) => [JSON.stringify([layers, target.index]), { layers, target }]),
    ).values(),
  ];
  return (manifest.refused ?? []).flatMap(({ method, layers, reason }) =>
    methods.includes(method)
      ? groups
          .filter((one) => one.layers.every((layer) => layers.includes(layer)))
          .map((one) => [{ method, ...one }, `not defined: ${reason}`] as const)
      : [],
  );
}

/**
 * Values of an axis that every source has for itself: the values, where all sources have the same ones, else their
 * places.
 */
function placesOf(
  lists: readonly (readonly string[])[],
  what: string,
): { values: AxisValues; keyOf: (source: number, value: string) => string } {
  const own = lists.map((list) => [...new Set(list)]);
  const sorted = own.map((list) => JSON.stringify([...list].sort()));
  if (new Set(sorted).size <= 1) {
    return { values: { keys: own[0] ?? [], byPlace: false, shown: same }, keyOf: (_, value) => value };
  }
  const most = Math.max(...own.map((list) => list.length));
  return {
    values: {
      keys: Array.from({ length: most }, (_, i) => String(i + 1)),
      byPlace: true,
      shown: (key) => `${what} ${key}`,
    },
    keyOf: (source, value) => String(own[source]!.indexOf(value) + 1),
  };
}

/** Names of pictures or models: short, unless two would be the same. */
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

function bad(message: string): GradlensError {
  return new GradlensError("bad-argument", message);
}
