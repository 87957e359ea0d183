/** @file Saves files, and formats the command that writes the same files. */

import { MAP_OPTION_NAMES } from "../../cam/map-options.js";
import { commandLine } from "../../options/command-line.js";
import { groupOf, OPTION_NAMES, type OptionValues } from "../../options/table.js";
import type { Results, ResultsRequest } from "../results.js";
import { optionsRead } from "./call.js";
import { DEMO_PICTURE, DEMO_PICTURE_PATH } from "./demo.js";
import { running } from "./engine.js";
import * as store from "./store.js";
import { messageOf } from "./current-task.js";

declare const __VERSION__: string;

/** The options that request the file of each kind. */
const MAKES = {
  overlay: {},
  heat8: { heat: 8 },
  heat16: { heat: 16 },
  npy: { npy: true },
  manifest: { heat: 16, npy: true },
  zip: { heat: 16, npy: true },
} as const satisfies Readonly<Record<string, OptionValues>>;
export type SavedKind = keyof typeof MAKES;

/** The maps to save: all of a grid, else the shown one. */
function savedMaps(): readonly store.ShownMap[] {
  if (store.viewMode.value === "grid" && store.grid.value.length > 0) return store.grid.value;
  return store.shown.value === undefined ? [] : [store.shown.value];
}

const pictureOf = ({ call }: store.ShownMap): store.PictureItem | undefined =>
  store.pictures.value.find(({ facts }) => facts.id === call.picture);

/** The options that computed these maps, and the current options of drawing. Options without effect are left out. */
function valuesOf(maps: readonly store.ShownMap[]): OptionValues {
  const [first] = maps;
  if (first === undefined) return store.values.value;
  const made: OptionValues = { ...first.call.values, ...pictureOf(first)?.read };
  const read = optionsRead(maps.map(({ map }) => map.method));
  const applies = (name: (typeof OPTION_NAMES)[number]): boolean => {
    if (groupOf(name) === "Pictures") return name in (pictureOf(first)?.read ?? {});
    if (name === "similarity" && first.call.other === undefined) return false;
    return MAP_OPTION_NAMES.every((one) => one !== name) || read.some((one) => one === name);
  };
  const pairs = OPTION_NAMES.filter(applies).map((name) => {
    const from = groupOf(name) === "Output" ? store.values.value : made;
    return [name, from[name]] as const;
  });
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
}

function requestOf(kind: SavedKind): ResultsRequest | undefined {
  const maps = savedMaps();
  const [first] = maps;
  const item = first && pictureOf(first);
  const adapter = store.adapter.value;
  if (first === undefined || item === undefined || adapter === undefined) return undefined;
  const { name, vendor, architecture, boundsChecks } = adapter;
  const { logits, scores, timings } = first.prediction;
  const { other } = first.call;
  return {
    picture: first.call.picture,
    file: item.file?.name ?? null,
    maps: maps.map(({ map, gradient, guided }) => ({ map, gradient, guided })),
    other: other && {
      picture: other.facts.id,
      file: other.file.name,
      data: other.output,
    },
    prediction: { logits, scores, timings },
    values: { ...valuesOf(maps), ...MAKES[kind] },
    adapter: { name, kind: adapter.kind, vendor, architecture, boundsChecks },
    versions: { gradlens: __VERSION__, browser: navigator.userAgent },
  };
}

/** Saves a file of the shown maps. */
export async function save(kind: SavedKind): Promise<void> {
  const request = requestOf(kind);
  if (request === undefined) return;
  try {
    const stem = (request.file ?? "camera").replace(/\.[^.]+$/, "");
    const make = <T>(what: string): Promise<T> => running().callOther<T>(what, [request]);
    if (kind === "zip") return offer(`${stem}.gradlens.zip`, await make("zip"));
    const { manifest, files } = await make<Results>("results");
    const record = manifest.maps[0]!;
    const names = { overlay: record.overlay, heat8: record.heat, heat16: record.heat, npy: record.npy };
    const name = kind === "manifest" ? "manifest.json" : names[kind]!;
    offer(name, files.get(name)! as Uint8Array<ArrayBuffer>);
  } catch (error) {
    store.notify(messageOf(error));
  }
}

function offer(name: string, bytes: Uint8Array<ArrayBuffer>): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes]));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** The command that computes the shown maps. Files lack their folders, which a page does not know. */
export function command(): string {
  const maps = savedMaps();
  const item = maps[0] ? pictureOf(maps[0]) : store.picture.value;
  const isDemo = store.isDemo.value;
  return commandLine({
    ...valuesOf(maps),
    ...(!isDemo && store.model.value !== undefined && { weights: [store.model.value.name] }),
    ...(item !== undefined &&
      item.file !== null && {
        image: [isDemo && item.name === DEMO_PICTURE ? DEMO_PICTURE_PATH : item.name],
      }),
    ...(maps.length > 0 && chosenIn(maps)),
    ...(maps[0]?.call.other && { targetImage: [maps[0].call.other.file.name] }),
  });
}

/** Methods, layers and targets of maps, as options of the command. */
function chosenIn(maps: readonly store.ShownMap[]): OptionValues {
  const unique = <T>(all: readonly T[]): T[] => [...new Set(all)];
  const methods = unique(maps.map(({ map }) => map.method));
  const targets = unique(maps.map(({ map }) => String(map.target.index)));
  const groups = unique(maps.flatMap(({ map }) => (map.layers.length > 0 ? [map.layers.join()] : [])));
  const layers = unique(maps.flatMap(({ map }) => map.layers));
  const isDefault = layers.length === 0 || layers.join() === store.defaultLayer.value;
  return {
    method: methods.join() === "gradcam" ? undefined : methods,
    layer: isDefault ? undefined : layers,
    layersEach: groups.length > 1 ? true : undefined,
    target: store.model.value?.embedding === undefined ? targets : undefined,
  } as OptionValues;
}
