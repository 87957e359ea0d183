/** @file PNG files chunk by chunk: to write what no encoder here writes, and to change one with its checksum kept right. */

import { crc32, deflateSync } from "node:zlib";

const SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");

function chunk(kind: string, body: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(kind, "latin1"), body]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

function header(width: number, height: number, bits: number, colours: number): Uint8Array {
  const body = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, bits, colours, 0, 0, 0]);
  body.writeUInt32BE(width);
  body.writeUInt32BE(height, 4);
  return body;
}

/** Grey of 1, 2 or 4 bits. @param rows the bytes of each row */
export const smallGrey = (width: number, bits: number, rows: readonly Uint8Array[]): Buffer =>
  Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header(width, rows.length, bits, 0)),
    chunk("IDAT", deflateSync(Buffer.concat(rows.flatMap((row) => [Buffer.of(0), row])))),
    chunk("IEND", Buffer.alloc(0)),
  ]);

/** A PNG with another body of the chunks of a kind. */
export function withChunk(png: Uint8Array, kind: string, change: (body: Buffer) => Buffer): Buffer {
  const bytes = Buffer.from(png);
  const parts: Buffer[] = [SIGNATURE];
  for (let at = 8; at < bytes.length;) {
    const end = at + 8 + bytes.readUInt32BE(at);
    const own = bytes.toString("latin1", at + 4, at + 8);
    const body = bytes.subarray(at + 8, end);
    parts.push(chunk(own, own === kind ? change(Buffer.from(body)) : body));
    at = end + 4;
  }
  return Buffer.concat(parts);
}
