/** @file Bytes inside a pickle, read on demand. */

import { decodeUtf8, encodeLatin1, MAX_KEY } from "../pickle/text.js";
import { badFile, fromBytes, readExactly, slice, type ByteSource } from "../source.js";
import { PyBytes } from "../pickle/values.js";
import type { StoredBytes } from "./storage.js";
import { say } from "../../language/say.js";

/** A string's characters as bytes, converted on demand. */
export function latin1Bytes(text: string): PyBytes {
  const read = (at: number, length: number) => Promise.resolve(encodeLatin1(text.slice(at, at + length)));
  const key = text.length <= MAX_KEY ? decodeUtf8(encodeLatin1(text)) : undefined;
  return new PyBytes({ name: "pickle", size: text.length, read }, 0, text.length, false, key);
}

export async function readPyBytes(bytes: PyBytes): Promise<Uint8Array> {
  const raw = await readExactly(bytes.source, bytes.offset, bytes.length);
  return bytes.latin1InUtf8 ? encodeLatin1(decodeUtf8(raw)) : raw;
}

/** A source over bytes inside a pickle, read on demand if the file holds them unchanged. */
export async function sourceOf(bytes: PyBytes): Promise<ByteSource> {
  const { source, offset, length, latin1InUtf8 } = bytes;
  if (!latin1InUtf8) return slice(source, offset, length);
  return fromBytes(source.name, await readPyBytes(bytes));
}

/** The bytes as a storage. Text-encoded bytes number at most as many as their text; if fewer, reading them fails. */
export function storedIn(bytes: PyBytes, bigEndian: boolean): StoredBytes {
  return {
    byteLength: bytes.length,
    bigEndian,
    async read(begin, end) {
      if (!bytes.latin1InUtf8) return readExactly(bytes.source, bytes.offset + begin, end - begin);
      const decoded = await readPyBytes(bytes);
      if (decoded.length < end)
        throw badFile(bytes.source.name, say`has a numpy array with fewer numbers than its shape says`);
      return decoded.subarray(begin, end);
    },
  };
}
