/** @file Finds a model's files among those of transformers, timm and folders. Loaded when such a file is given. */

import { FOLDER_WEIGHTS, isConfig, isOfFolder } from "../../checkpoint/folder-names.js";

const anyOfFolder = (files: readonly File[]): boolean => files.some(({ name }) => isOfFolder(name));

/**
 * Adds `config.json` and `preprocessor_config.json` to weights whose names go with them, given now or
 * loaded before. Without such weights they count as labels: a list of labels may be named `config.json`.
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
 * The files of dropped entries. A folder with a model under a usual name gives the model's files,
 * any other folder all its files. Folders inside are ignored.
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

/** A reader returns the entries in parts; an empty part ends the list. */
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
