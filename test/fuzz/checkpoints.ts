/** @file Changed checkpoints, and what must hold for each of them. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { unzipSync } from "fflate";
import { readCheckpoint } from "../../src/checkpoint/read-checkpoint.js";
import { quote } from "../../src/checkpoint/quote.js";
import { badFile, fromBytes, type ByteSource } from "../../src/checkpoint/source.js";
import type { CheckpointTensor } from "../../src/checkpoint/types.js";
import { HOSTILE_FILES } from "../checkpoint/hostile-files.js";
import { zipFile } from "../checkpoint/pickle-bytes.js";
import { bytesMutator } from "./mutate-bytes.js";
import type { Random } from "./random.js";
import { check, checkRefusal, chosen, type FuzzFile, type Outcome, type Reader } from "./reader.js";

const DATA = new URL("test/data/", `file://${process.cwd()}/`);

/** Larger files would only be read more slowly. */
const MAX_SEED_BYTES = 32_000;
/** Tensors beyond this are opened, not read: reading is linear in what a tensor claims. */
const MAX_READ_BYTES = 1 << 20;

interface Seed extends FuzzFile {
  /** Entries of a zip archive, so that what lies inside can be changed under an honest directory. */
  readonly entries?: readonly { readonly name: string; readonly data: Uint8Array }[];
}

/** Real files of every kind, and the smaller hostile ones. */
function seeds(): Seed[] {
  const real = ["checkpoints", "containers"].flatMap((folder) =>
    (readdirSync(new URL(folder, DATA), { recursive: true }) as string[])
      .map((name) => `${folder}/${name}`)
      .filter((name) => /\.\w+$/.test(name) && !/expected\.json$|\.distcp$/.test(name))
      .map((name) => ({ name, bytes: new Uint8Array(readFileSync(new URL(name, DATA))) })),
  );
  const small = HOSTILE_FILES.filter(
    ({ refused }) => refused === undefined || !/more|\d{6}|cut off/.test(refused.source),
  );
  const hostile = small.map(({ name, file }) => ({ name, bytes: file() }));
  return [...real, ...hostile]
    .filter(({ bytes }) => bytes.length > 0 && bytes.length <= MAX_SEED_BYTES)
    .map((seed) => ({ ...seed, ...entriesOf(seed.bytes) }));
}

function entriesOf(bytes: Uint8Array): Pick<Seed, "entries"> {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) return {};
  try {
    return { entries: Object.entries(unzipSync(bytes)).map(([name, data]) => ({ name, data })) };
  } catch {
    return {};
  }
}

/** Bytes that mean much: lengths' extremes, and the opcodes that call, build, push and recall. */
const TELLING = [
  0,
  1,
  0x7f,
  0x80,
  0xff,
  ...[..."(.012NRQbceustlad}])ijhgpqrVSXTUBCGJKML"].map((c) => c.charCodeAt(0)),
  0x81,
  0x8a,
  0x8b,
  0x8d,
  0x8e,
  0x93,
  0x94,
];

const mutated = bytesMutator(TELLING);

function changedFile(all: readonly Seed[], random: Random): FuzzFile {
  const { file, other } = chosen(all, random);
  const { name, entries } = file;
  if (entries === undefined || entries.length === 0 || random(4) === 0) {
    return { name, bytes: mutated(file.bytes, random, other.bytes) };
  }
  const pickle = entries.findIndex((entry) => entry.name.endsWith("data.pkl"));
  const changed = pickle >= 0 && random(4) > 0 ? pickle : random(entries.length);
  const rebuilt = entries.map((entry, i) =>
    i === changed ? { ...entry, data: mutated(entry.data, random, other.bytes) } : entry,
  );
  return { name, bytes: zipFile(rebuilt) };
}

/** Opens a file and reads its tensors; files that it names are those beside its seed. */
async function readLikeAUser(file: FuzzFile): Promise<Outcome> {
  const openSibling = (name: string): Promise<ByteSource> => {
    const path = new URL(encodeURIComponent(name), new URL(file.name, DATA));
    if (!existsSync(path)) return Promise.reject(badFile(quote(name), "is not there"));
    return Promise.resolve(fromBytes(quote(name), new Uint8Array(readFileSync(path))));
  };
  try {
    const checkpoint = await readCheckpoint(fromBytes(file.name, file.bytes), { openSibling });
    const outcomes = new Set<Outcome>();
    for (const tensor of checkpoint.tensors.values()) outcomes.add(await readTensor(tensor));
    return outcomes.has("refused") ? "refused" : "read";
  } catch (error) {
    checkRefusal(error, ["bad-file"]);
    return "refused";
  }
}

async function readTensor(tensor: CheckpointTensor): Promise<Outcome> {
  const { byteLength, shape } = tensor;
  if (byteLength > MAX_READ_BYTES) return "read";
  let values: Float32Array;
  try {
    values = await tensor.floats();
  } catch (error) {
    checkRefusal(error, ["bad-file"]);
    return "refused";
  }
  const count = shape.reduce((product, side) => product * side, 1);
  check(values.length === count, `${values.length} values for the shape ${shape.join("x")}`);
  return "read";
}

export const CHECKPOINTS: Reader = {
  prepare() {
    const all = seeds();
    return (random) => changedFile(all, random);
  },
  read: readLikeAUser,
  maxMs: 10_000,
};
