/** @file Files to save, and the command that makes the same. */

import { commandLine } from "../../options/command-line.js";
import type { OptionValues } from "../../options/table.js";
import type { ResultsRequest } from "../results.js";
import { makeResults, makeZip } from "./engine.js";
import * as store from "./store.js";

declare const __VERSION__: string;

export type SavedKind = "overlay" | "heat8" | "heat16" | "npy" | "manifest" | "zip";

/** The options that drawing and map options come from, with the files that a kind needs. */
const MAKES: Readonly<Record<SavedKind, OptionValues>> = {
  overlay: {},
  heat8: { heat: 8 },
  heat16: { heat: 16 },
  npy: { npy: true },
  manifest: { heat: 16, npy: true },
  zip: { heat: 16, npy: true },
};

function requestOf(kind: SavedKind): ResultsRequest | undefined {
  const one = store.shown.value;
  const item = store.pictures.value.find(({ facts }) => facts.id === one?.picture);
  const adapter = store.adapter.value;
  if (one === undefined || item === undefined || adapter === undefined) return undefined;
  const isGrid = store.viewMode.value === "grid" && store.grid.value.length > 0;
  const all: readonly store.ShownMap[] = isGrid ? store.grid.value : [one];
  const { name, vendor, architecture, boundsChecks } = adapter;
  return {
    picture: one.picture,
    file: item.file?.name ?? null,
    maps: all.map(({ map }) => map),
    gradients: all.flatMap(({ gradient }) => gradient ?? []),
    prediction: {
      logits: one.prediction.logits,
      scores: one.prediction.scores,
      timings: one.prediction.timings,
    },
    values: { ...store.values.value, ...MAKES[kind] },
    adapter: { name, kind: adapter.kind, vendor, architecture, boundsChecks },
    versions: { gradlens: __VERSION__, browser: navigator.userAgent },
  };
}

/** Saves a file of what is shown. */
export async function save(kind: SavedKind): Promise<void> {
  const request = requestOf(kind);
  if (request === undefined) return;
  try {
    const stem = (request.file ?? "camera").replace(/\.[^.]+$/, "");
    if (kind === "zip") return offer(`${stem}.gradlens.zip`, await makeZip(request));
    const { manifest, files } = await makeResults(request);
    const record = manifest.maps[0]!;
    const names = { overlay: record.overlay, heat8: record.heat, heat16: record.heat, npy: record.npy };
    const name = kind === "manifest" ? "manifest.json" : names[kind]!;
    offer(name, files.get(name)! as Uint8Array<ArrayBuffer>);
  } catch (error) {
    store.notify((error as Error).message);
  }
}

function offer(name: string, bytes: Uint8Array<ArrayBuffer>): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes]));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** The command that makes the map that is shown. Files are named without their folders, which a page does not know. */
export function command(): string {
  const { model, picture, shown, isDemo } = store;
  const item = picture.value;
  const own = !isDemo.value && model.value !== undefined;
  const isPlain = item !== undefined && item.file !== null;
  return commandLine({
    ...(own && { weights: [model.value!.name] }),
    ...(isPlain && {
      image: [isDemo.value && item.name === "cat-coffee.png" ? `pictures/${item.name}` : item.name],
    }),
    ...store.values.value,
    ...(shown.value && { target: [String(shown.value.map.target.index)] }),
  });
}
