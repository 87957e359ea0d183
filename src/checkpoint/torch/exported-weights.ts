/** @file Reads the weights of a torch.export archive: raw records, and a JSON text that describes each. */

import { isObject, parseFileJson, type Json } from "../json.js";
import type { PyDict } from "../pickle/values.js";
import { quote } from "../quote.js";
import { badFile, type ByteSource } from "../source.js";
import type { ZipEntries } from "../zip/directory.js";
import { valueAt } from "../value-at.js";
import { ZipEntryReader } from "../zip/entry.js";
import { asCount, asCounts, counted } from "./arguments.js";
import { dtypeNamed } from "./names.js";
import { TorchStorage } from "./storage.js";
import { TorchTensor } from "./tensor-value.js";
import { phrase, say, translated } from "../../language/say.js";

/** The graph of a network of 1000 layers has 5 MB. */
const MAX_JSON = 64 * 2 ** 20;

/** How to get the weights of an unreadable archive. */
export const SAVE = phrase`save its weights: torch.save(torch.export.load(FILE).state_dict, "w.pth")`;

/** torch/_export/serde/schema.py, ScalarType */
const SCALAR_TYPES: Readonly<Record<number, string>> = {
  1: "uint8",
  2: "int8",
  3: "int16",
  4: "int32",
  5: "int64",
  6: "float16",
  7: "float32",
  8: "float64",
  9: "complex32",
  10: "complex64",
  11: "complex128",
  12: "bool",
  13: "bfloat16",
  28: "uint16",
  29: "float8_e4m3fn",
  30: "float8_e5m2",
  31: "float8_e4m3fnuz",
  32: "float8_e5m2fnuz",
  33: "float8_e8m0fnu",
  34: "uint32",
  35: "uint64",
};

const STRIDED = 7;

export function recordReader(source: ByteSource, entries: ZipEntries, name: string): ZipEntryReader {
  const entry = entries.get(name);
  if (entry === undefined) throw badFile(source.name, say`has no record ${quote(name)}: it is damaged`);
  return new ZipEntryReader(source, entry);
}

export async function readJson(source: ByteSource, entries: ZipEntries, name: string): Promise<Json> {
  const reader = recordReader(source, entries, name);
  if (reader.entry.size > MAX_JSON)
    throw badFile(source.name, say`has a record ${quote(name)} of more bytes than any network needs`);
  return parseFileJson(source.name, say`its record ${quote(name)}`, await reader.read(0, reader.entry.size));
}

/** {"config": {name: {"path_name", "use_pickle", "tensor_meta"}}} */
export async function readConfig(source: ByteSource, entries: ZipEntries, config: string): Promise<PyDict> {
  const folder = config.slice(0, config.lastIndexOf("/") + 1);
  const json = await readJson(source, entries, config);
  const weights = isObject(json) ? json.config : undefined;
  if (!isObject(weights)) throw badFile(source.name, say`does not describe its weights: it is damaged`);
  const storages = new Map<string, TorchStorage>();
  const storageAt = (path: string): TorchStorage =>
    valueAt(storages, path, () => {
      const storage = new TorchStorage(undefined);
      const record = recordReader(source, entries, folder + path);
      const { size } = record.entry;
      storage.stored = { byteLength: size, bigEndian: false, read: (begin, end) => record.read(begin, end) };
      return storage;
    });
  return new Map(
    Object.entries(weights).map(([name, described]) => [
      name,
      tensorOf(source.name, name, described, storageAt),
    ]),
  );
}

const integers = (value: Json | undefined): (number | null)[] | null =>
  Array.isArray(value)
    ? value.map((n) => (isObject(n) && typeof n.as_int === "number" ? n.as_int : null))
    : null;

function tensorOf(
  file: string,
  name: string,
  described: Json,
  storageAt: (path: string) => TorchStorage,
): TorchTensor {
  const meta = isObject(described) ? described.tensor_meta : undefined;
  if (!isObject(described) || !isObject(meta) || typeof described.path_name !== "string")
    throw badFile(file, say`does not describe tensor ${quote(name)}: it is damaged`);
  const named = dtypeNamed(`torch.${SCALAR_TYPES[Number(meta.dtype)] ?? ""}`);
  if (named === undefined)
    throw badFile(file, say`has tensor ${quote(name)} of an unknown dtype; ${translated(SAVE)}`);
  const pickled = described.use_pickle === true || meta.layout !== STRIDED;
  return counted(file, () => {
    const shape = asCounts(integers(meta.sizes), "size");
    const strides = asCounts(integers(meta.strides), "stride");
    const offset = asCount(integers([meta.storage_offset ?? null])?.[0], say`offset`);
    const problem = pickled ? say`is pickled inside the archive: save a plain tensor` : named.problem;
    const fits = strides.length === shape.length;
    if (!fits)
      throw badFile(file, say`has tensor ${quote(name)} with another number of strides: it is damaged`);
    return new TorchTensor(
      storageAt(described.path_name as string),
      named.dtype,
      offset,
      shape,
      strides,
      problem,
    );
  });
}
