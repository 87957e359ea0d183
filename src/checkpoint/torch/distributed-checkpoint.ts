/**
 * @file Reads folders of torch.distributed.checkpoint. The pickle `.metadata` names the file of each part of each tensor; a part is
 * a torch.save file of its own (torch/distributed/checkpoint/metadata.py, filesystem.py).
 */

import { byteLengthOf } from "../dtype.js";
import { PyGlobal, PyRecord, type PyDict, type PyValue } from "../pickle/values.js";
import { quote } from "../quote.js";
import type { OpenSibling } from "../sharded.js";
import { badFile, slice, type ByteSource } from "../source.js";
import type { Checkpoint, CheckpointTensor } from "../types.js";
import { asCounts, counted, rowMajor, sameCounts } from "./arguments.js";
import { coverageProblem, joinChunks, type Chunk } from "./chunks.js";
import { damaged, dictOf, JOIN_FOLDER, pathOf, placesOf, type TensorPlace } from "./distributed-places.js";
import { dtypeNamed } from "./names.js";
import { PickleReader, type PickleOptions } from "./pickle-file.js";
import { TorchStorage } from "./storage.js";
import { TorchTensor } from "./tensor-value.js";
import { countText, say, translated } from "../../language/say.js";

const METADATA = "torch.distributed.checkpoint.metadata.Metadata";

export const isDistributedMetadata = (value: PyValue): value is PyRecord =>
  value instanceof PyRecord && value.className === METADATA;

export interface Folder {
  /** The source of `.metadata`. */
  readonly source: ByteSource;
  /** The names that its pickle mentions. */
  readonly names: PickleReader["globals"];
  readonly options: PickleOptions;
  readonly openSibling: OpenSibling | undefined;
  /** Reads a file of one tensor. */
  readonly readPart: (source: ByteSource) => Promise<Checkpoint>;
}

/** The checkpoint that a folder's metadata describes. @throws GradlensError "bad-file" if a file is missing or inconsistent */
export async function readDistributed(metadata: PyRecord, folder: Folder): Promise<Checkpoint> {
  const { source, options, openSibling, names } = folder;
  if (openSibling === undefined)
    throw badFile(source.name, say`is the index of a distributed checkpoint; ${translated(JOIN_FOLDER)}`);
  const places = placesOf(source.name, metadata.attribute("storage_data"));
  const files = new Map<string, ByteSource>();
  for (const { path } of [...places.values()].flat())
    if (!files.has(path)) files.set(path, await openSibling(path));
  const size = [...files.values()].reduce((sum, file) => sum + file.size, source.size);
  const root: PyDict = new Map();
  for (const [key, described] of dictOf(metadata.attribute("state_dict_metadata"))) {
    if (typeof key !== "string" || !(described instanceof PyRecord)) continue;
    const tensor = tensorOf(key, described, places.get(key) ?? [], files, folder);
    if (tensor !== undefined) put(root, pathOf(metadata.attribute("planner_data"), key), tensor);
  }
  const reader = new PickleReader({ ...source, size }, options, undefined, names);
  const format = say`PyTorch distributed checkpoint, in ${countText(files.size, "file")}`;
  return reader.checkpoint(format, root);
}

/** TensorStorageMetadata(properties, size, chunks); undefined for other values, which are pickles. */
function tensorOf(
  key: string,
  described: PyRecord,
  places: readonly TensorPlace[],
  files: ReadonlyMap<string, ByteSource>,
  { source: { name }, readPart }: Folder,
): TorchTensor | undefined {
  const properties = described.attribute("properties");
  if (properties === undefined) return undefined;
  const state = properties instanceof PyRecord ? properties.state : null;
  const type = Array.isArray(state)
    ? state[0]
    : properties instanceof PyRecord && properties.attribute("dtype");
  const named = type instanceof PyGlobal ? dtypeNamed(type.name) : undefined;
  const shape = counted(name, () => asCounts(described.attribute("size"), "size"));
  const chunks = described.attribute("chunks");
  if (named === undefined || !Array.isArray(chunks)) throw damaged(name);
  const { dtype } = named;
  // A hostile file may name one long list for many tensors.
  if (chunks.length > places.length) throw missingPart(name, key);
  const storage = new TorchStorage(dtype);
  const placeAt = new Map(places.map((place) => [place.offsets?.join(), place]));
  const parts = chunks.map((chunk): Chunk => {
    if (!(chunk instanceof PyRecord)) throw damaged(name);
    const offsets = counted(name, () => asCounts(chunk.attribute("offsets"), "offset"));
    const sizes = counted(name, () => asCounts(chunk.attribute("sizes"), "size"));
    const place = placeAt.get(offsets.join()) ?? placeAt.get(undefined);
    if (place === undefined) throw missingPart(name, key);
    if (place.transforms) storage.problem = say`is compressed in the folder: ${translated(JOIN_FOLDER)}`;
    const file = files.get(place.path)!;
    const end = place.begin + place.length;
    if (end > file.size)
      throw badFile(
        file.name,
        say`is cut off: it should have at least ${end} bytes, it has ${file.size}; copy it again`,
      );
    const part = slice(file, place.begin, place.length);
    return { offsets, sizes, read: () => readChunk(readPart, part, key, dtype, sizes) };
  });
  storage.problem ??= named.problem ?? coverageProblem(shape, parts);
  const byteLength = byteLengthOf(dtype, shape) ?? 0;
  storage.stored = {
    byteLength,
    bigEndian: false,
    read: async (begin, end) => (await joinChunks(dtype, shape, parts)).subarray(begin, end),
  };
  return new TorchTensor(storage, dtype, 0, shape, rowMajor(shape));
}

const missingPart = (file: string, key: string) =>
  badFile(file, say`does not locate all parts of ${quote(key)}: it is damaged`);

/** The one tensor of a part, checked against the metadata. */
async function readChunk(
  readPart: Folder["readPart"],
  part: ByteSource,
  key: string,
  dtype: CheckpointTensor["dtype"],
  sizes: readonly number[],
): Promise<Uint8Array> {
  const [tensor, ...more] = (await readPart(part)).tensors.values();
  const isIt = tensor?.dtype === dtype && sameCounts(tensor.shape, sizes) && more.length === 0;
  if (!isIt)
    throw badFile(
      part.name,
      say`holds another tensor than its .metadata says for ${quote(key)}: it is damaged`,
    );
  return tensor.bytes();
}

/** Puts a value into nested dicts, which are created on the way. */
function put(root: PyDict, path: readonly string[], value: PyValue): void {
  let dict = root;
  for (const step of path.slice(0, -1)) {
    const inner = dict.get(step);
    const next: PyDict = inner instanceof Map ? inner : new Map<PyValue, PyValue>();
    dict.set(step, next);
    dict = next;
  }
  dict.set(path.at(-1)!, value);
}
