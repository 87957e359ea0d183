/** @file The source of a checkpoint's bytes, read by range. */

import { GradlensError } from "../errors.js";
import { say } from "../language/say.js";

/** Bytes read by range: a file handle, a browser's File, a buffer. */
export interface ByteSource {
  /** The prefix of every message about this file. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** The bytes [offset, offset + length), fewer only at the end. Read-only: they may be the source's own. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** The content of a file of this name beside it; undefined if it does not exist. */
  readonly beside?: (name: string) => Promise<Uint8Array | undefined>;
}

/** A source over bytes in memory, without copying. */
export const fromBytes = (name: string, bytes: Uint8Array): ByteSource => ({
  name,
  size: bytes.byteLength,
  read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
});

/** A source over a Blob or a browser's File, read on demand. */
export const fromBlob = (name: string, blob: Blob): ByteSource => ({
  name,
  size: blob.size,
  read: async (offset, length) => new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()),
});

/** A part of a source, under the same name. */
export const slice = (source: ByteSource, offset: number, length: number): ByteSource => ({
  name: source.name,
  size: length,
  read: (at, n) => source.read(offset + at, Math.min(n, length - at)),
});

/** Accepts every supported input. A File keeps its name; buffers and Blobs are called "checkpoint". */
export function toSource(input: ByteSource | Uint8Array | Blob): ByteSource {
  if (input instanceof Uint8Array) return fromBytes("checkpoint", input);
  if (input instanceof Blob) return fromBlob("name" in input ? String(input.name) : "checkpoint", input);
  return input;
}

export const badFile = (name: string, problem: string, options?: ErrorOptions): GradlensError =>
  new GradlensError("bad-file", `${name}: ${problem}`, options);

/** Exactly the bytes [offset, offset + length). @throws GradlensError "bad-file" if the source is shorter or cannot be read */
export async function readExactly(source: ByteSource, offset: number, length: number): Promise<Uint8Array> {
  const cutOff = say`is cut off: it should have at least ${offset + length} bytes, it has ${source.size}; copy or download it again`;
  if (offset + length > source.size) throw badFile(source.name, cutOff);
  let bytes: Uint8Array;
  try {
    bytes = await source.read(offset, length);
  } catch (error) {
    if (error instanceof GradlensError) throw error;
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw badFile(source.name, say`cannot be read at byte ${offset} (${reason})`, { cause: error });
  }
  if (bytes.byteLength !== length)
    throw badFile(source.name, say`became shorter while it was read; try again`);
  return bytes;
}
