/** @file Reads from a distributed checkpoint's metadata the file, the byte and the keys of each value. */

import { PyRecord, type PyDict, type PyValue } from "../pickle/values.js";
import { quote } from "../quote.js";
import { badFile } from "../source.js";
import { valueAt } from "../value-at.js";
import { asCount, asCounts, counted } from "./arguments.js";
import { phrase, say, translated } from "../../language/say.js";

/** The advice to join such a folder in one file. */
export const JOIN_FOLDER = phrase`join it: python -m torch.distributed.checkpoint.format_utils dcp_to_torch FOLDER w.pth`;

const NOTHING: PyDict = new Map();

export const dictOf = (value: PyValue | undefined): PyDict => (value instanceof Map ? value : NOTHING);

export const partAlone = (file: string) =>
  badFile(file, say`is one of the files of a distributed checkpoint; ${translated(JOIN_FOLDER)}`);

export const damaged = (file: string) =>
  badFile(file, say`is not a valid index of a distributed checkpoint: it is damaged`);

export interface TensorPlace {
  /** The offset of the part in its tensor; the beginning if absent. */
  readonly offsets: readonly number[] | undefined;
  readonly path: string;
  readonly begin: number;
  readonly length: number;
  /** Such as "zstd". */
  readonly transforms: PyValue | undefined;
}

/** The parts of each tensor, by its name: {MetadataIndex(fqn, offset): _StorageInfo(relative_path, offset, length)}. */
export function placesOf(file: string, storage: PyValue | undefined): Map<string, TensorPlace[]> {
  const places = new Map<string, TensorPlace[]>();
  for (const [index, info] of dictOf(storage)) {
    if (!(index instanceof PyRecord && info instanceof PyRecord)) throw damaged(file);
    const [key, path] = [index.attribute("fqn"), info.attribute("relative_path")];
    if (typeof key !== "string") throw damaged(file);
    if (typeof path !== "string" || !/^[^/\\\0]+$/.test(path) || path === "..")
      throw badFile(file, say`names no file beside it for ${quote(key)}; ${translated(JOIN_FOLDER)}`);
    const offset = index.attribute("offset");
    const place = counted(file, () => ({
      offsets: offset === undefined || offset === null ? undefined : asCounts(offset, "offset"),
      path,
      begin: asCount(info.attribute("offset"), say`place`),
      length: asCount(info.attribute("length"), say`length`),
      transforms: info.attribute("transform_descriptors"),
    }));
    valueAt(places, key, () => []).push(place);
  }
  return places;
}

/** The keys of a value: a tuple for each name, or the name itself. */
export function pathOf(planned: PyValue | undefined, key: string): readonly string[] {
  const path = dictOf(planned).get(key);
  const isPath = Array.isArray(path) && path.length > 0;
  return isPath && path.every((step) => typeof step === "string" || typeof step === "number")
    ? path.map(String)
    : [key];
}
