/** @file Reads torch.save's files since PyTorch 1.6 and TorchScript archives: a zip with a pickle and one record a storage. */

import { ByteWindow } from "../pickle/byte-window.js";
import { decodeLatin1 } from "../pickle/text.js";
import { Malformed, type PyValue } from "../pickle/values.js";
import { badFile, type ByteSource } from "../source.js";
import { dtypeInfo } from "../dtype.js";
import { quote } from "../quote.js";
import type { Checkpoint } from "../types.js";
import { readZipDirectory, type ZipEntries, type ZipEntry } from "../zip/directory.js";
import { ZipEntryReader } from "../zip/entry.js";
import { isExported, readExported } from "./exported.js";
import { readLegacyStorage } from "./legacy-file.js";
import { persistentValue, type StorageName } from "./persistent.js";
import { PickleReader, type PickleOptions } from "./pickle-file.js";
import { readScript } from "./script/read-script.js";
import type { StoredBytes, TorchStorage } from "./storage.js";
import { namedTensor, TorchTensor } from "./tensor-value.js";
import { phrase, say, translated } from "../../language/say.js";

const FROZEN = phrase`it has no named parameters: torch.jit.freeze made nameless constants of them; give a file that was saved before freezing`;

const NOT_FOLLOWED = phrase`its code could not be followed: in what order its modules are called was not checked`;

/** @throws GradlensError "bad-file" for a zip archive that is damaged or not PyTorch's */
export async function readTorchZip(source: ByteSource, options: PickleOptions): Promise<Checkpoint> {
  const entries = await readZipDirectory(source);
  if (isExported(entries))
    return readExported(source, entries, options, (inner) => readTorchZip(inner, options));
  const pickle = findPickle(source.name, entries);
  const root = pickle.name.slice(0, -"data.pkl".length);
  const record = (name: string) => {
    const entry = entries.get(root + name);
    return entry && new ZipEntryReader(source, entry);
  };
  const order = record("byteorder");
  const bigEndian =
    order !== undefined && decodeLatin1(await order.read(0, Math.min(3, order.entry.size))) === "big";
  const records = new Map<string, StoredBytes>();
  const open = (name: StorageName) => {
    const storage = openStorage(name, record(`data/${name.key}`), bigEndian);
    // Each mention of a storage makes an object; they share the bytes.
    const shared = records.get(name.key);
    if (shared?.byteLength === name.byteLength) storage.stored = shared;
    else if (storage.stored) records.set(name.key, storage.stored);
    return storage;
  };
  const reader = new PickleReader(source, options);
  const window = new ByteWindow(await new ZipEntryReader(source, pickle).source());
  const value = await reader.read(window, (id) => persistentValue(id, open));
  await reader.resolveNested(readLegacyStorage);
  const constants = record("constants.pkl");
  if (constants === undefined) return reader.checkpoint(say`PyTorch (zip, 1.6 or later)`, value);
  const code = await readScript(source, entries, root, async () => {
    const list = await reader.read(new ByteWindow(await constants.source()), (id) =>
      persistentValue(id, (name) => openStorage(name, record(`constants/${name.key}`), bigEndian)),
    );
    return scalarsOf(source, list);
  });
  const scripted = reader.checkpoint("TorchScript", value, code);
  const note =
    scripted.tensors.size === 0 ? translated(FROZEN) : scripted.calls ? undefined : translated(NOT_FOLLOWED);
  return note === undefined ? scripted : { ...scripted, notes: [...scripted.notes, note] };
}

/** Scalars of a traced network: factors, window sizes. */
const MAX_SCALARS = 10_000;

/** The numbers in a list of constants, by index. */
async function scalarsOf(source: ByteSource, list: PyValue): Promise<(number | undefined)[]> {
  if (!Array.isArray(list)) return [];
  return Promise.all(
    list.slice(0, MAX_SCALARS).map(async (value) => {
      if (typeof value === "number") return value;
      if (!(value instanceof TorchTensor) || value.shape.length > 0) return undefined;
      const tensor = namedTensor(source, "constant", value);
      const isNumber = tensor.problem === undefined && dtypeInfo(tensor.dtype).toFloats !== undefined;
      return isNumber ? (await tensor.floats())[0] : undefined;
    }),
  );
}

function openStorage(
  { storage, byteLength }: StorageName,
  record: ZipEntryReader | undefined,
  bigEndian: boolean,
): TorchStorage {
  if (record === undefined) {
    storage.problem ??= say`has no record in the archive`;
    return storage;
  }
  if (record.entry.size < byteLength) {
    throw new Malformed(say`a storage of ${byteLength} bytes whose record has ${record.entry.size}`);
  }
  storage.stored = { byteLength, bigEndian, read: (begin, end) => record.read(begin, end) };
  return storage;
}

/** The data.pkl nearest to the root: archives may have any name, and hold further files. */
function findPickle(file: string, entries: ZipEntries): ZipEntry {
  const pickles = [...entries.values()].filter(({ name }) => /^(?:[^/]*\/)?data\.pkl$/.test(name));
  const pickle = pickles.sort((a, b) => a.name.length - b.name.length)[0];
  if (pickle === undefined) throw badFile(file, say`is ${otherZip([...entries.keys()])}`);
  return pickle;
}

/** Identifies a zip archive without PyTorch's records by the names in it. */
function otherZip(names: readonly string[]): string {
  const has = (pattern: RegExp) => names.find((name) => pattern.test(name));
  if (has(/(?:^|\/)model\.json$/) && has(/(?:^|\/)tensors\//))
    return say`a TorchScript archive of PyTorch 1.0, too old to be read; save it again with a newer one`;
  if (has(/\.npy$/)) return say`a NumPy .npz archive; supported are safetensors and PyTorch files`;
  if (has(/^model\.weights\.h5$/)) return say`a Keras model; supported are safetensors and PyTorch files`;
  const inside = has(/\.(?:safetensors|pth|pt|pkl|bin|ckpt|th)$/);
  if (inside !== undefined) return say`a zip archive that holds ${quote(inside)}: unpack it first`;
  return say`a zip archive, but not one that PyTorch wrote; supported are safetensors and PyTorch files`;
}
