/** @file Mutated checkpoints, reproducible by seed and number, and what must hold for each of them. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { unzipSync } from "fflate";
import { readCheckpoint } from "../../src/checkpoint/read-checkpoint.js";
import { quoted } from "../../src/checkpoint/quoted.js";
import { badFile, fromBytes, type ByteSource } from "../../src/checkpoint/source.js";
import { GradlensError } from "../../src/errors.js";
import { HOSTILE_FILES } from "./hostile-files.js";
import { zipFile } from "./pickle-bytes.js";
import { joined } from "./safetensors-file.js";

/** Larger files would only be read more slowly. */
const MAX_SEED_BYTES = 32_000;
/** Tensors beyond this are opened, not read: reading is linear in what a tensor claims. */
const MAX_READ_BYTES = 1 << 20;

export interface Seed {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Entries of a zip archive, so that what lies inside can be changed under an honest directory. */
  readonly entries?: readonly { readonly name: string; readonly data: Uint8Array }[];
}

/** Real files of every kind, and the smaller hostile ones. `data` is test/data. */
export function seeds(data: URL): Seed[] {
  const real = ["checkpoints", "containers"].flatMap((folder) =>
    (readdirSync(new URL(folder, data), { recursive: true }) as string[])
      .map((name) => `${folder}/${name}`)
      .filter((name) => /\.\w+$/.test(name) && !/expected\.json$|\.distcp$/.test(name))
      .map((name) => ({ name, bytes: new Uint8Array(readFileSync(new URL(name, data))) })),
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

type Random = (below: number) => number;

/** Mulberry32, started so that each case is its own. */
function randomOf(seed: number, number: number): Random {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b)) >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
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

type Mutation = (bytes: Uint8Array, random: Random, other: Uint8Array) => Uint8Array;

function spliced(bytes: Uint8Array, at: number, remove: number, insert: Uint8Array): Uint8Array {
  const rest = bytes.subarray(Math.min(bytes.length, at + remove));
  return joined(bytes.subarray(0, at), insert, rest);
}

const range = (bytes: Uint8Array, random: Random, most: number): [at: number, length: number] => {
  const at = random(bytes.length);
  return [at, Math.min(bytes.length - at, 1 + random(most))];
};

const MUTATIONS: readonly Mutation[] = [
  (bytes, random) => {
    bytes[random(bytes.length)]! ^= 1 << random(8);
    return bytes;
  },
  (bytes, random) => {
    bytes[random(bytes.length)] = TELLING[random(TELLING.length)]!;
    return bytes;
  },
  (bytes, random) => {
    bytes[random(bytes.length)] = random(256);
    return bytes;
  },
  (bytes, random) => {
    const [at, length] = range(bytes, random, 8);
    bytes.fill(random(2) === 0 ? 0 : 0xff, at, at + length);
    return bytes;
  },
  (bytes, random) => spliced(bytes, ...range(bytes, random, 40), new Uint8Array()),
  (bytes, random) => {
    const [from, length] = range(bytes, random, 60);
    return spliced(bytes, random(bytes.length), 0, bytes.slice(from, from + length));
  },
  (bytes, random, other) => {
    const [from, length] = range(other, random, 200);
    return spliced(
      bytes,
      random(bytes.length),
      random(2) * Math.min(length, 20),
      other.slice(from, from + length),
    );
  },
  (bytes, random) => bytes.slice(0, random(bytes.length)),
];

const mutated = (bytes: Uint8Array, random: Random, other: Uint8Array): Uint8Array => {
  let result: Uint8Array = bytes.slice();
  for (let i = 1 + random(4); i > 0 && result.length > 0; i--) {
    result = MUTATIONS[random(MUTATIONS.length)]!(result, random, other);
  }
  return result;
};

/** The file of a case. */
export function fuzzFile(
  all: readonly Seed[],
  seed: number,
  number: number,
): { name: string; bytes: Uint8Array } {
  const random = randomOf(seed, number);
  // Of two, mostly the smaller: more cases in the same time.
  const [small, large] = [all[random(all.length)]!, all[random(all.length)]!].sort(
    (a, b) => a.bytes.length - b.bytes.length,
  ) as [Seed, Seed];
  const chosen = random(8) === 0 ? large : small;
  const other = all[random(all.length)]!.bytes;
  const { name, entries } = chosen;
  if (entries === undefined || entries.length === 0 || random(4) === 0) {
    return { name, bytes: mutated(chosen.bytes, random, other) };
  }
  const pickle = entries.findIndex((entry) => entry.name.endsWith("data.pkl"));
  const changed = pickle >= 0 && random(4) > 0 ? pickle : random(entries.length);
  const rebuilt = entries.map((entry, i) =>
    i === changed ? { ...entry, data: mutated(entry.data, random, other) } : entry,
  );
  return { name, bytes: zipFile(rebuilt) };
}

/**
 * Opens a file and reads its tensors; files that it names are those beside its seed. Throws what no file may bring about: an
 * error of another class, or of several lines.
 */
export async function readLikeAUser(
  file: { name: string; bytes: Uint8Array },
  data: URL,
): Promise<"read" | "refused"> {
  const openSibling = (name: string): Promise<ByteSource> => {
    const path = new URL(encodeURIComponent(name), new URL(file.name, data));
    if (!existsSync(path)) return Promise.reject(badFile(quoted(name), "is not there"));
    return Promise.resolve(fromBytes(quoted(name), new Uint8Array(readFileSync(path))));
  };
  try {
    const checkpoint = await readCheckpoint(fromBytes(file.name, file.bytes), { openSibling });
    let result: "read" | "refused" = "read";
    for (const tensor of checkpoint.tensors.values()) {
      if (tensor.byteLength > MAX_READ_BYTES) continue;
      await tensor.floats().catch((error: unknown) => {
        accept(error);
        result = "refused";
      });
    }
    return result;
  } catch (error) {
    accept(error);
    return "refused";
  }
}

function accept(error: unknown): void {
  if (error instanceof GradlensError && error.code === "bad-file" && !/[\n\r]/.test(error.message)) return;
  throw error;
}
