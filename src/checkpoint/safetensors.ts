/**
 * @file Reads safetensors: a u64 length, a JSON header of that length, then the tensors' bytes without holes.
 * Its checks are stricter than those of the format's own reader (huggingface/safetensors, README "Format").
 */

import { byteLengthOf, dtypeInfo, isDType } from "./dtype.js";
import { isCount, isObject, parseFileJson, type Json } from "./json.js";
import { quote } from "./quote.js";
import { badFile, readExactly, type ByteSource } from "./source.js";
import { lazyTensor } from "./tensor.js";
import type { Checkpoint, CheckpointTensor } from "./types.js";
import { say } from "../language/say.js";

/** The format's own limit. */
const MAX_HEADER_BYTES = 100_000_000;
/** Parsing a header needs some thirty times its size in memory, so a larger one must be the smaller part of its file. */
const LARGE_HEADER_BYTES = 16_000_000;

interface Entry {
  readonly tensor: CheckpointTensor;
  /** In bytes after the header. */
  readonly begin: number;
  readonly end: number;
}

/** @throws GradlensError "bad-file" for anything that the format does not allow */
export async function readSafetensors(source: ByteSource): Promise<Checkpoint> {
  const file = source.name;
  const dataStart = await readHeaderEnd(source);
  const header = parseFileJson(file, say`its header`, await readExactly(source, 8, dataStart - 8));
  if (!isObject(header)) throw badFile(file, say`its header is not a JSON object: the file is damaged`);
  const { __metadata__: metadata, ...tensors } = header;
  const entries = Object.entries(tensors).map(([name, value]) => readEntry(source, dataStart, name, value));
  checkLayout(source, dataStart, entries);
  const own = new Map(entries.map(({ tensor }) => [tensor.name, tensor]));
  const { aliases, rest } = splitAliases(own, readMetadata(file, metadata));
  return {
    format: "safetensors",
    name: file,
    tensors: new Map([...own, ...aliases]),
    metadata: rest,
    notes: [],
    records: [],
    facts: new Map(),
    stateDict: "",
  };
}

async function readHeaderEnd(source: ByteSource): Promise<number> {
  const start = await readExactly(source, 0, 8);
  const length = new DataView(start.buffer, start.byteOffset, 8).getBigUint64(0, true);
  if (length > MAX_HEADER_BYTES) {
    throw badFile(
      source.name,
      say`claims a header of ${length} bytes, the format allows ${MAX_HEADER_BYTES}: the file is damaged`,
    );
  }
  if (length > LARGE_HEADER_BYTES && Number(length) > source.size / 2) {
    throw badFile(
      source.name,
      say`has a header of ${length} bytes and less data than that: no real model has; the file is damaged`,
    );
  }
  return 8 + Number(length);
}

function readMetadata(file: string, value: Json | undefined): Map<string, string> {
  if (value === undefined) return new Map();
  if (!isObject(value)) throw badFile(file, say`its __metadata__ is not a JSON object: the file is damaged`);
  const entries = Object.entries(value).map(([key, text]): [string, string] => {
    if (typeof text !== "string")
      throw badFile(file, say`its metadata ${quote(key)} is not a string: the file is damaged`);
    return [key, text];
  });
  return new Map(entries);
}

/**
 * safetensors.torch.save_model writes tensors that share memory once. The metadata has their other names: `{removed: kept}`.
 */
function splitAliases(
  tensors: ReadonlyMap<string, CheckpointTensor>,
  metadata: ReadonlyMap<string, string>,
): { aliases: Map<string, CheckpointTensor>; rest: Map<string, string> } {
  const aliases = new Map<string, CheckpointTensor>();
  const rest = new Map<string, string>();
  for (const [name, value] of metadata) {
    const kept = tensors.get(value);
    if (kept === undefined || tensors.has(name)) rest.set(name, value);
    else aliases.set(name, { ...kept, name });
  }
  return { aliases, rest };
}

function readEntry(source: ByteSource, dataStart: number, name: string, value: Json): Entry {
  const fail = (problem: string) =>
    badFile(source.name, say`tensor ${quote(name)} ${problem}: the file is damaged`);
  if (!isObject(value)) throw fail(say`is not described by a JSON object`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== "string") throw fail(say`has no dtype`);
  if (!isDType(dtype)) {
    throw badFile(
      source.name,
      say`tensor ${quote(name)} has the unknown dtype ${quote(dtype)}; convert it to F32 or F16`,
    );
  }
  if (!Array.isArray(shape) || !shape.every(isCount)) throw fail(say`has no valid shape`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount))
    throw fail(say`has no valid data_offsets`);
  const [begin, end] = offsets as [number, number];
  if (end < begin) throw fail(say`ends (byte ${end}) before it begins (byte ${begin})`);
  const byteLength = byteLengthOf(dtype, shape);
  if (byteLength !== end - begin) {
    throw fail(
      say`takes ${end - begin} bytes, but ${dtype} [${shape.join(", ")}] needs ${byteLength ?? say`another number`}`,
    );
  }
  if (begin % Math.ceil(dtypeInfo(dtype).bits / 8) !== 0) throw fail(say`lies unaligned, at byte ${begin}`);
  const bytes = () => readExactly(source, dataStart + begin, byteLength);
  const tensor = { ...lazyTensor(source.name, name, dtype, shape, byteLength, bytes), storage: {} };
  return { tensor, begin, end };
}

/** Checks that tensors fill the rest of the file, each byte once. */
function checkLayout(source: ByteSource, dataStart: number, entries: readonly Entry[]): void {
  let end = 0;
  let before = say`the header`;
  for (const entry of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    const name = say`tensor ${quote(entry.tensor.name)}`;
    if (entry.begin < end) throw badFile(source.name, say`${name} overlaps ${before}: the file is damaged`);
    if (entry.begin > end) {
      throw badFile(
        source.name,
        say`${entry.begin - end} bytes between ${before} and ${name} belong to no tensor: the file is damaged`,
      );
    }
    ({ end } = entry);
    before = name;
  }
  const missing = dataStart + end - source.size;
  if (missing > 0) {
    throw badFile(
      source.name,
      say`is cut off: its tensors need ${dataStart + end} bytes, it has ${source.size}; copy or download it again`,
    );
  }
  if (missing < 0)
    throw badFile(
      source.name,
      say`has ${-missing} bytes after ${before} that belong to no tensor: the file is damaged`,
    );
}
