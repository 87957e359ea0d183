/** @file Writes PNG files (ISO/IEC 15948): grey or RGB, of 8 or 16 bits. The same pixels as node/write-picture, other packing. */

import { zlibSync } from "fflate";
import type { Picture, Size } from "../image/picture.js";
import { checkMap } from "../image/resize.js";

const SIGNATURE = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);
const UP = 2;
/** Deflate's level: more takes much longer and gains a few percent. */
const LEVEL = 6;

/** An 8-bit PNG; float samples (0..1) are rounded. */
export function encodePng({ data, width, height, channels }: Picture): Uint8Array {
  const bytes = data instanceof Uint8Array ? data : Uint8Array.from(data, (value) => quantised(value, 255));
  return png(bytes, { width, height }, channels, 8);
}

/**
 * A map of 0..1 as a grey PNG: 0 is black, 1 is white, rounded to 8 or 16 bits.
 * @throws GradlensError "bad-argument" for a map that does not fit its size
 */
export function encodeHeatPng(map: Float32Array, size: Size, bits: 8 | 16): Uint8Array {
  checkMap(map, size);
  const bytes = new Uint8Array((map.length * bits) / 8);
  const view = new DataView(bytes.buffer);
  const white = 2 ** bits - 1;
  for (let i = 0; i < map.length; i++) {
    if (bits === 8) bytes[i] = quantised(map[i]!, white);
    else view.setUint16(2 * i, quantised(map[i]!, white));
  }
  return png(bytes, size, 1, bits);
}

const quantised = (value: number, white: number): number =>
  Math.round(Math.min(Math.max(value, 0), 1) * white);

function png(samples: Uint8Array, { width, height }: Size, channels: 1 | 3, bits: 8 | 16): Uint8Array {
  const rowBytes = (width * channels * bits) / 8;
  const raw = new Uint8Array(height * (1 + rowBytes));
  for (let y = 0, o = 0; y < height; y++) {
    raw[o++] = UP;
    for (let i = y * rowBytes; i < (y + 1) * rowBytes; i++)
      raw[o++] = samples[i]! - (y > 0 ? samples[i - rowBytes]! : 0);
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([bits, channels === 3 ? 2 : 0], 8);
  const chunks = [
    chunk("IHDR", header),
    chunk("IDAT", zlibSync(raw, { level: LEVEL })),
    chunk("IEND", new Uint8Array()),
  ];
  const file = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, SIGNATURE.length));
  file.set(SIGNATURE);
  let at = SIGNATURE.length;
  for (const part of chunks) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

function chunk(kind: string, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, body.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = kind.charCodeAt(i);
  bytes.set(body, 8);
  view.setUint32(8 + body.length, crc(bytes.subarray(4, 8 + body.length)));
  return bytes;
}

/** The CRC of annex D, over kind and body. */
const CRCS = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function crc(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = CRCS[(c ^ byte) & 255]! ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}
