/** @file The parts of PNG, WebP, GIF and AVIF files. */

import { crc32, deflateSync, inflateSync } from "node:zlib";
import { joined } from "../checkpoint/safetensors-file.js";
import type { Format, Part } from "./parts.js";
import { oneOf, type Random } from "./random.js";

const latin1 = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1", from, to);

const view = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);

function u32(value: number, little = false): Buffer {
  const bytes = Buffer.alloc(4);
  if (little) bytes.writeUInt32LE(value);
  else bytes.writeUInt32BE(value);
  return bytes;
}

const PNG_MARK = "\x89PNG\r\n\x1a\n";
const PNG_KINDS =
  "IHDR PLTE IDAT IEND tRNS gAMA sBIT iCCP sRGB eXIf acTL fcTL fdAT zTXt iTXt pHYs oFFs bKGD".split(" ");

/** Chunks. */
export const PNG: Format = {
  split(bytes) {
    if (latin1(bytes, 0, 8) !== PNG_MARK) return undefined;
    const parts: Part[] = [];
    for (let at = 8; at + 12 <= bytes.length;) {
      const length = view(bytes).readUInt32BE(at);
      parts.push({ kind: latin1(bytes, at + 4, at + 8), body: bytes.subarray(at + 8, at + 8 + length) });
      at += 12 + length;
    }
    return parts;
  },
  join: (parts) =>
    joined(
      Buffer.from(PNG_MARK, "latin1"),
      ...parts.flatMap(({ kind, body }) => {
        const typed = joined(Buffer.from(kind, "latin1"), body);
        return [u32(body.length), typed, u32(crc32(typed))];
      }),
    ),
  change: (part, random) =>
    part.kind === "IHDR" && part.body.length >= 13
      ? { ...part, body: otherHeader(part.body, random) }
      : { ...part, kind: oneOf(PNG_KINDS, random) },
};

/** Width, height, depth, kind of colour, interlacing: mostly values that are allowed. */
function otherHeader(body: Uint8Array, random: Random): Uint8Array {
  const result = Buffer.from(body);
  const field = random(5);
  if (field < 2) {
    const side = result.readUInt32BE(4 * field);
    result.writeUInt32BE(
      oneOf([0, 1, side + 1, side - 1, 2 * side, 1000, 2 ** 31 - 1], random) >>> 0,
      4 * field,
    );
  } else if (field === 2) result[8] = oneOf([1, 2, 4, 8, 16, 3], random);
  else if (field === 3) result[9] = oneOf([0, 2, 3, 4, 6, 1], random);
  else result[12] = oneOf([0, 1, 2], random);
  return result;
}

/** Chunks, but the rows of pixels as they are before they are packed. */
export const PNG_ROWS: Format = {
  split(bytes) {
    const parts = PNG.split(bytes);
    const packed = parts?.filter(({ kind }) => kind === "IDAT");
    if (parts === undefined || packed?.length === 0) return undefined;
    try {
      const rows = { kind: "IDAT", body: inflateSync(joined(...packed!.map(({ body }) => body))) };
      return [
        ...parts.filter(({ kind }) => kind !== "IDAT" && kind !== "IEND"),
        rows,
        { kind: "IEND", body: new Uint8Array() },
      ];
    } catch {
      return undefined;
    }
  },
  join: (parts) =>
    PNG.join(
      parts.map((part) =>
        part.kind === "IDAT" ? { ...part, body: deflateSync(part.body, { level: 1 }) } : part,
      ),
    ),
};

/** WebP's chunks. */
export const RIFF: Format = {
  split(bytes) {
    if (latin1(bytes, 0, 4) !== "RIFF") return undefined;
    const parts: Part[] = [];
    for (let at = 12; at + 8 <= bytes.length;) {
      const length = view(bytes).readUInt32LE(at + 4);
      parts.push({ kind: latin1(bytes, at, at + 4), body: bytes.subarray(at + 8, at + 8 + length) });
      at += 8 + length + (length % 2);
    }
    return parts;
  },
  join(parts) {
    const chunks = joined(
      ...parts.flatMap(({ kind, body }) => [
        Buffer.from(kind, "latin1"),
        u32(body.length, true),
        body,
        new Uint8Array(body.length % 2),
      ]),
    );
    return joined(Buffer.from("RIFF"), u32(chunks.length + 4, true), Buffer.from("WEBP"), chunks);
  },
};

/** AVIF's outer boxes. */
export const BOXES: Format = {
  split(bytes) {
    if (latin1(bytes, 4, 8) !== "ftyp") return undefined;
    const parts: Part[] = [];
    for (let at = 0; at + 8 <= bytes.length;) {
      const length = Math.max(view(bytes).readUInt32BE(at), 8);
      parts.push({ kind: latin1(bytes, at + 4, at + 8), body: bytes.subarray(at + 8, at + length) });
      at += length;
    }
    return parts;
  },
  join: (parts) =>
    joined(...parts.flatMap(({ kind, body }) => [u32(body.length + 8), Buffer.from(kind, "latin1"), body])),
};

/** GIF's header with its palette, then its blocks, each with its first byte as kind. */
export const GIF: Format = {
  split(bytes) {
    if (latin1(bytes, 0, 3) !== "GIF") return undefined;
    const palette = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 * (2 << (flags & 7)));
    let at = 13 + palette(bytes[10] ?? 0);
    const parts: Part[] = [{ kind: "", body: bytes.subarray(0, at) }];
    while (at < bytes.length) {
      const from = at;
      const marker = bytes[at];
      if (marker === 0x2c) at += 11 + palette(bytes[at + 9] ?? 0);
      else if (marker === 0x21) at += 2;
      else at = bytes.length;
      while (at < bytes.length && bytes[at] !== 0) at += 1 + bytes[at]!;
      at++;
      parts.push({ kind: latin1(bytes, from, from + 1), body: bytes.subarray(from + 1, at) });
    }
    return parts;
  },
  join: (parts) => joined(...parts.flatMap(({ kind, body }) => [Buffer.from(kind, "latin1"), body])),
};
