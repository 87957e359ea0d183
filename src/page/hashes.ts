/** @file SHA-256 of files in a browser, read in parts. */

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

export const hashBytes = (bytes: Uint8Array): string => bytesToHex(sha256(bytes));

/** Bytes of a part. */
const PART = 8 << 20;

export async function hashFile(file: Blob): Promise<string> {
  const hash = sha256.create();
  for (let at = 0; at < file.size; at += PART)
    hash.update(new Uint8Array(await file.slice(at, at + PART).arrayBuffer()));
  return bytesToHex(hash.digest());
}

/** The hash of weights in a manifest: of several files the hash of the lines of their hashes. */
export async function hashWeights(files: readonly File[]): Promise<string> {
  const hashes: string[] = [];
  for (const file of files) hashes.push(await hashFile(file));
  return hashes.length === 1 ? hashes[0]! : hashBytes(new TextEncoder().encode(hashes.join("\n")));
}
