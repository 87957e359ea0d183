/** @file Pickles and zip archives byte by byte, for files that no honest program writes. */

import { joined } from "./safetensors-file.js";

type Part = string | number | Uint8Array;

/** Bytes: strings as latin-1, numbers as one byte. */
export const bytes = (...parts: readonly Part[]): Uint8Array =>
  joined(
    ...parts.map((part) =>
      typeof part === "number"
        ? Uint8Array.of(part)
        : typeof part === "string"
          ? Buffer.from(part, "latin1")
          : part,
    ),
  );

export function little(value: number, size: 1 | 2 | 4 | 8): Uint8Array {
  const result = new Uint8Array(8);
  new DataView(result.buffer).setBigUint64(0, BigInt(value), true);
  return result.subarray(0, size);
}

export const PROTO = bytes(0x80, 2);
export const STOP = ".";
export const text = (s: string) => bytes("X", little(s.length, 4), s);
export const int = (n: number) => (n < 2 ** 31 ? bytes("J", little(n, 4)) : bytes(0x8a, 8, little(n, 8)));
export const global = (module: string, name: string) => `c${module}\n${name}\n`;
export const tuple = (...items: Part[]) => bytes("(", ...items, "t");
/** callable(*args) */
export const reduce = (callable: string, ...args: Part[]) => bytes(callable, tuple(...args), "R");
export const dict = (...pairs: Part[]) => bytes("}(", ...pairs, "u");
export const pickle = (...parts: Part[]) => bytes(PROTO, ...parts, STOP);

export const storage = (key: string, count: number, type = "FloatStorage") =>
  bytes(tuple(text("storage"), global("torch", type), text(key), text("cpu"), int(count)), "Q");

/** _rebuild_tensor_v2 of a storage */
export const tensor = (
  stored: Uint8Array,
  offset: number,
  shape: readonly number[],
  strides: readonly number[],
) =>
  reduce(
    global("torch._utils", "_rebuild_tensor_v2"),
    stored,
    int(offset),
    tuple(...shape.map(int)),
    tuple(...strides.map(int)),
    0x89,
    reduce(global("collections", "OrderedDict")),
  );

/** One value in torch.save's legacy form, with these storages behind it. */
export function legacyFile(
  value: Uint8Array,
  storages: readonly (readonly [key: string, data: Float32Array])[] = [],
): Uint8Array {
  return joined(
    bytes(PROTO, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, STOP),
    pickle(int(1001)),
    pickle(dict(text("little_endian"), 0x88)),
    pickle(value),
    pickle(bytes("](", ...storages.map(([key]) => text(key)), "e")),
    ...storages.flatMap(([, data]) => [little(data.length, 8), new Uint8Array(data.buffer)]),
  );
}

export interface Entry {
  readonly name: string;
  /** As they lie in the file, compressed or not. */
  readonly data: Uint8Array;
  /** Of the uncompressed bytes; default: as many as `data`. */
  readonly size?: number;
  readonly method?: number;
  /** Where the directory says the entry begins, when not where it does. */
  readonly header?: number;
  /** Sizes stand in a zip64 field. */
  readonly zip64?: boolean;
  readonly flags?: number;
}

/** A zip archive, honest or not. */
export function zipFile(entries: readonly Entry[], comment = ""): Uint8Array {
  const locals: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let at = 0;
  for (const {
    name,
    data,
    size = data.length,
    method = 0,
    header = at,
    zip64 = false,
    flags = 0,
  } of entries) {
    const common = [little(flags, 2), little(method, 2), little(0, 4), little(0, 4)];
    const narrow = (n: number) => (zip64 ? bytes(0xff, 0xff, 0xff, 0xff) : little(n, 4));
    const local = bytes(
      "PK\x03\x04",
      little(20, 2),
      ...common,
      little(data.length, 4),
      little(size, 4),
      little(name.length, 2),
      little(0, 2),
      name,
    );
    locals.push(local, data);
    const extra = zip64
      ? bytes(little(1, 2), little(24, 2), little(size, 8), little(data.length, 8), little(header, 8))
      : bytes();
    central.push(
      bytes("PK\x01\x02", little(20, 2), little(20, 2), ...common, narrow(data.length), narrow(size)),
      bytes(
        little(name.length, 2),
        little(extra.length, 2),
        little(0, 2),
        little(0, 2),
        little(0, 2),
        little(0, 4),
        narrow(header),
        name,
        extra,
      ),
    );
    at += local.length + data.length;
  }
  const directory = joined(...central);
  const end = bytes(
    "PK\x05\x06",
    little(0, 4),
    little(entries.length, 2),
    little(entries.length, 2),
    little(directory.length, 4),
    little(at, 4),
  );
  return joined(...locals, directory, end, little(comment.length, 2), bytes(comment));
}

/** torch.save's zip form around a pickle. */
export const torchZip = (data: Uint8Array, records: Readonly<Record<string, Uint8Array>> = {}): Uint8Array =>
  zipFile([
    { name: "a/data.pkl", data },
    ...Object.entries(records).map(([key, record]) => ({ name: `a/data/${key}`, data: record })),
  ]);
