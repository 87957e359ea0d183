/** @file Reads, chooses and removes the pictures of the strip. */

import { readingOf } from "../../options/reading.js";
import { pictureKind, PICTURE_HEAD } from "../../picture-file/picture-kinds.js";
import type { PictureFacts } from "../../web/engine/worker-engine.js";
import { DEMO_PICTURE } from "./demo.js";
import { running } from "./engine.js";
import { showChosen } from "./explain.js";
import { forgetMapsOf } from "./map-cache.js";
import * as store from "./store.js";
import { messageOf, part, runToEnd } from "./current-task.js";

let nextKey = 1;

export const newKey = (): number => nextKey++;

export async function addPictures(files: readonly File[]): Promise<void> {
  store.task.value = { what: store.words.value.readingPicture };
  const replaced = store.pictures.value.filter(({ name }) => name === DEMO_PICTURE && !store.isDemo.value);
  let first: number | undefined;
  for (const file of files) {
    try {
      const item = { key: newKey(), name: file.name, file, ...(await read(file)) };
      store.pictures.value = [...store.pictures.value, item];
      first ??= item.key;
    } catch (error) {
      store.notify(messageOf(error));
    }
  }
  if (first === undefined) return;
  const chosen = choosePicture(first);
  for (const { key } of replaced) removePicture(key);
  await chosen;
}

async function read(file: File): Promise<Pick<store.PictureItem, "facts" | "read">> {
  const applied = await readingOptions(file);
  return { facts: await running().readPicture(file, readingOf(applied)), read: applied };
}

/** The set options of reading that apply to the file. */
async function readingOptions(file: File): Promise<store.PictureItem["read"]> {
  const { window, frame, maxPixels } = store.values.value;
  const head = new Uint8Array(await file.slice(0, PICTURE_HEAD).arrayBuffer());
  const found = pictureKind(head);
  const isDicom = "kind" in found && found.kind === "DICOM";
  const isDeepPng = "kind" in found && found.kind === "PNG" && head[24] === 16;
  return {
    ...(maxPixels !== undefined && { maxPixels }),
    ...(window && (isDicom || isDeepPng) && { window }),
    ...(frame !== undefined && isDicom && { frame }),
  };
}

export async function choosePicture(key: number): Promise<void> {
  store.live.value = false;
  store.current.value = key;
  store.shown.value = undefined;
  store.scores.value = undefined;
  store.grid.value = [];
  await runToEnd(readAgain);
  if (store.current.value === key) await showView();
}

/** Computes the maps that the view shows of the current picture. */
export async function showView(): Promise<void> {
  const key = store.current.value;
  await showChosen();
  if (store.viewMode.value !== "grid" || store.current.value !== key || store.live.value) return;
  const grid = await part(import("./grid.js"));
  if (store.current.value === key && store.viewMode.value === "grid") await grid?.makeGrid();
}

/** Chooses the picture before or after the current one. */
export async function stepPicture(by: 1 | -1): Promise<void> {
  const all = store.pictures.value;
  const at = all.findIndex(({ key }) => key === store.current.value);
  const next = all[at + by];
  if (next !== undefined) await choosePicture(next.key);
}

export function removePicture(key: number): void {
  const item = store.pictures.value.find((one) => one.key === key);
  if (item === undefined) return;
  store.pictures.value = store.pictures.value.filter((one) => one.key !== key);
  discard(item.facts);
  if (store.current.value !== key) return;
  const [next] = store.pictures.value;
  if (next !== undefined) void choosePicture(next.key);
}

/** Frees a picture in the page and in the worker. */
export function discard(facts: PictureFacts): void {
  void running().dropPicture(facts);
  forgetMapsOf(facts.id);
  facts.bitmap.close();
}

/** Reads the current picture again if its window, frame or limit has changed. @returns whether it was read */
export async function readAgain(): Promise<boolean> {
  const item = store.picture.value;
  if (item === undefined || item.file === null) return false;
  if (JSON.stringify(await readingOptions(item.file)) === JSON.stringify(item.read)) return false;
  store.task.value = { what: store.words.value.readingPicture };
  const again = await read(item.file);
  const isKept = store.pictures.value.includes(item);
  store.pictures.value = store.pictures.value.map((one) => (one === item ? { ...one, ...again } : one));
  if (isKept && store.shown.value?.call.picture === item.facts.id) store.shown.value = undefined;
  discard(isKept ? item.facts : again.facts);
  return isKept;
}
