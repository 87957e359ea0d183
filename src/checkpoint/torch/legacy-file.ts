/**
 * @file Reads torch.save's files before PyTorch 1.6 (_legacy_save in torch/serialization.py). First come five pickles: a magic
 * number, the protocol, the system, the object, the storages' keys. Then come the storages: length as int64, elements.
 * Storages are little-endian on every machine.
 */

import { dtypeInfo } from "../dtype.js";
import { ByteWindow } from "../pickle/byte-window.js";
import type { PyRecord, PyValue } from "../pickle/values.js";
import { badFile, readExactly, type ByteSource } from "../source.js";
import { quote } from "../quote.js";
import type { Checkpoint } from "../types.js";
import { valueAt } from "../value-at.js";
import { isDistributedMetadata } from "./distributed-checkpoint.js";
import { persistentValue, type StorageName } from "./persistent.js";
import { PickleReader, type PickleOptions } from "./pickle-file.js";
import type { StoredBytes, TorchStorage } from "./storage.js";
import { say } from "../../language/say.js";

const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;
const LENGTH_BYTES = 8;

/**
 * Reads a pickle: torch.save's legacy format if it begins with the magic number, else any other.
 * @param readFolder reads a distributed checkpoint, if the pickle is its metadata
 */
export async function readPickleFile(
  source: ByteSource,
  options: PickleOptions,
  readFolder: (metadata: PyRecord, names: PickleReader["globals"]) => Promise<Checkpoint>,
): Promise<Checkpoint> {
  const reader = new PickleReader(source, options);
  const { value, format } = await readValue(source, reader);
  if (isDistributedMetadata(value)) return readFolder(value, reader.globals);
  await reader.resolveNested(readLegacyStorage);
  return reader.checkpoint(format, value);
}

/** The storage in a legacy file inside bytes, as pickle.dump writes tensors. */
export const readLegacyStorage = async (source: ByteSource, reader: PickleReader): Promise<PyValue> =>
  (await readValue(source, reader)).value;

async function readValue(
  source: ByteSource,
  reader: PickleReader,
): Promise<{ value: PyValue; format: string }> {
  const window = new ByteWindow(source);
  const foreign = (id: PyValue) => persistentValue(id, noStorage);
  const first = await reader.read(window, foreign);
  if (first !== MAGIC) return { value: first, format: "pickle" };
  const protocol = await reader.read(window, foreign);
  if (protocol !== PROTOCOL)
    throw badFile(
      source.name,
      say`is not of torch.save's protocol ${PROTOCOL}: it is damaged, or of a PyTorch before 0.1.10`,
    );
  await reader.read(window, foreign);
  const storages = new Map<string, StorageName[]>();
  const value = await reader.read(window, (id) =>
    persistentValue(id, (name) => {
      valueAt(storages, name.key, () => []).push(name);
      return name.storage;
    }),
  );
  const keys = await reader.read(window, foreign);
  placeStorages(source, keys, storages, window.offset);
  return { value, format: say`PyTorch (legacy, before 1.6)` };
}

const noStorage = ({ storage }: StorageName): TorchStorage => {
  storage.problem ??= say`has its numbers in another file`;
  return storage;
};

/** Gives each storage its position: they follow in the order of their keys. */
function placeStorages(
  source: ByteSource,
  keys: PyValue,
  storages: Map<string, StorageName[]>,
  start: number,
): void {
  const fail = (problem: string) => badFile(source.name, say`${problem}: it is damaged`);
  if (!Array.isArray(keys)) throw fail(say`has no list of its storages`);
  let at = start;
  for (const value of keys) {
    const key = typeof value === "number" ? `${value}` : value;
    const names = typeof key === "string" ? storages.get(key) : undefined;
    if (typeof key !== "string" || names === undefined)
      throw fail(say`lists a storage that nothing uses, or lists one twice`);
    storages.delete(key);
    const stored = storedAt(source, at, names[0]!);
    at += LENGTH_BYTES + stored.byteLength;
    if (at > source.size) {
      throw badFile(
        source.name,
        say`is cut off: storage ${quote(key)} ends at byte ${at}, the file at ${source.size}; copy or download it again`,
      );
    }
    for (const { storage } of names) storage.stored = stored;
  }
}

function storedAt(
  source: ByteSource,
  at: number,
  { byteLength, storage: { dtype } }: StorageName,
): StoredBytes {
  const elements = byteLength / (dtype === undefined ? 1 : dtypeInfo(dtype).bits / 8);
  return {
    byteLength,
    bigEndian: false,
    async read(begin, end) {
      if (begin > 0) return readExactly(source, at + LENGTH_BYTES + begin, end - begin);
      // A read from the storage's beginning, as nearly every read is, includes its length.
      const bytes = await readExactly(source, at, LENGTH_BYTES + end);
      const count = new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES).getBigInt64(0, true);
      if (count !== BigInt(elements)) {
        throw badFile(
          source.name,
          say`says at byte ${at} that a storage has ${count} elements, its pickle says ${elements}: it is damaged`,
        );
      }
      return bytes.subarray(LENGTH_BYTES);
    },
  };
}
