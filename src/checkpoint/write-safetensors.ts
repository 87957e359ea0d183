/** @file Writes safetensors in the format's own order: wide elements first, then by name, with a header padded to 8 bytes. */

import { dtypeInfo } from "./dtype.js";
import type { CheckpointTensor } from "./types.js";

/** A tensor to write; a CheckpointTensor is one. */
export interface WritableTensor extends Pick<CheckpointTensor, "name" | "dtype" | "shape" | "byteLength"> {
  /** `byteLength` bytes: contiguous, little-endian. */
  bytes(): Uint8Array | Promise<Uint8Array>;
}

/** The file in pieces: its header, then each tensor, fetched just before it is written. */
export async function* safetensorsChunks(
  tensors: Iterable<WritableTensor>,
  metadata: Readonly<Record<string, string>> = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const sorted = [...tensors].sort(
    (a, b) => dtypeInfo(b.dtype).bits - dtypeInfo(a.dtype).bits || (a.name < b.name ? -1 : 1),
  );
  yield header(sorted, metadata);
  for (const tensor of sorted) yield await tensor.bytes();
}

export async function writeSafetensors(
  tensors: Iterable<WritableTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of safetensorsChunks(tensors, metadata)) chunks.push(chunk);
  const file = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.byteLength, 0));
  let offset = 0;
  for (const chunk of chunks) {
    file.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return file;
}

function header(tensors: readonly WritableTensor[], metadata: Readonly<Record<string, string>>): Uint8Array {
  let end = 0;
  const entries = tensors.map(({ name, dtype, shape, byteLength }): [string, unknown] => {
    const begin = end;
    end += byteLength;
    return [name, { dtype, shape, data_offsets: [begin, end] }];
  });
  if (Object.keys(metadata).length > 0) entries.unshift(["__metadata__", metadata]);
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const padded = Math.ceil(json.byteLength / 8) * 8;
  const bytes = new Uint8Array(8 + padded).fill(0x20);
  bytes.set(json, 8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  return bytes;
}
