/** @file A model's files: what transformers and timm write beside weights, and folders. Loaded when one is given. */

import { FOLDER_WEIGHTS, isConfig, isOfFolder } from "../../checkpoint/folder-names.js";

const anyOfFolder = (files: readonly File[]): boolean => files.some(({ name }) => isOfFolder(name));

/**
 * Where `config.json` and `preprocessor_config.json` belong: to weights of the names that go with them, given as well or
 * loaded before. Else they are lists of labels, as `config.json` may be one.
 */
export function withConfigs(
  configs: readonly File[],
  given: { readonly weights: readonly File[]; readonly labels: readonly File[] },
  loaded: readonly File[],
): { readonly weights: readonly File[]; readonly labels: readonly File[] } {
  const weights = given.weights.length > 0 ? given.weights : loaded;
  if (!anyOfFolder(weights)) return { ...given, labels: [...given.labels, ...configs] };
  const others = weights.filter(({ name }) => configs.every((config) => config.name !== name));
  return { ...given, weights: [...others, ...configs] };
}

/**
 * The files that are meant by what was dropped. Of a folder with a model under one of the usual names: those of the model;
 * of another all, without its folders.
 */
export async function filesIn(entries: readonly (FileSystemEntry | null)[]): Promise<readonly File[]> {
  const all = await Promise.all(
    entries.map(async (entry) => {
      if (entry === null) return [];
      if (!isFolder(entry)) return [await fileOf(entry as FileSystemFileEntry)];
      const inside = (await entriesOf(entry)).filter((one) => !isFolder(one));
      const files = await Promise.all(inside.map((one) => fileOf(one as FileSystemFileEntry)));
      return ofModel(files.sort((a, b) => (a.name < b.name ? -1 : 1)));
    }),
  );
  return all.flat();
}

const PART = /\.(?:safetensors|bin|distcp)$/;

function ofModel(files: readonly File[]): readonly File[] {
  const leading = files.filter(({ name }) => name === ".metadata" || FOLDER_WEIGHTS.includes(name));
  const [first] = leading;
  if (first === undefined) return files.filter(({ name }) => !name.startsWith("."));
  const hasParts = !PART.test(first.name);
  const isMeant = ({ name }: File): boolean =>
    isConfig(name) || name === `${first.name}.gradlens.json` || (hasParts && PART.test(name));
  return files.filter((file) => leading.includes(file) || isMeant(file));
}

const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject));

/** A reader gives some at a time, and at last none. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}
