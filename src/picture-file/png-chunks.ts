/** @file The chunks of a PNG file: its header, its palette, and its packed rows. Each chunk's checksum is checked. */

import type { Size } from "../image/picture.js";

/** W3C PNG, 11.2.2. */
export interface PngHeader extends Size {
  /** Of a sample, or of a palette's index. */
  readonly bits: number;
  readonly colours: keyof typeof SAMPLES;
  readonly interlaced: boolean;
}

export interface PngChunks extends PngHeader {
  /** RGB of each entry. */
  readonly palette: Uint8Array | undefined;
  /** Parts of one zlib stream. */
  readonly packed: readonly Uint8Array<ArrayBuffer>[];
}

/** Samples of a pixel by the header's colour type: grey, RGB, palette, grey and alpha, RGBA. */
export const SAMPLES = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const;

/** Bits that each colour type may have. */
const BITS: Readonly<Record<keyof typeof SAMPLES, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/** The signature, then the header's length and kind. */
const HEADER_AT = 16;

/** Bytes that a file has at least to hold its header. */
export const HEADER_END = HEADER_AT + 17;

const isKind = (kind: number): kind is keyof typeof SAMPLES => Object.hasOwn(SAMPLES, kind);

/** Of at least HEADER_END bytes; undefined for values that no PNG has. */
export function readHeader(bytes: Uint8Array): PngHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, height] = [view.getUint32(HEADER_AT), view.getUint32(HEADER_AT + 4)];
  const [bits = 0, colours = -1, deflate, filters, interlace = 2] = bytes.subarray(HEADER_AT + 8);
  if (width === 0 || height === 0 || deflate !== 0 || filters !== 0 || interlace > 1) return undefined;
  if (!isKind(colours) || !BITS[colours].includes(bits)) return undefined;
  return { width, height, bits, colours, interlaced: interlace === 1 };
}

/** Undefined where a chunk is cut off or damaged, or one that is needed is missing. */
export function readChunks(bytes: Uint8Array<ArrayBuffer>, header: PngHeader): PngChunks | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const packed: Uint8Array<ArrayBuffer>[] = [];
  let palette: Uint8Array | undefined;
  for (let at = 8; at + 12 <= bytes.length;) {
    const begin = at + 8;
    const end = begin + view.getUint32(at);
    if (end + 4 > bytes.length || view.getUint32(end) !== crc(bytes, at + 4, end)) return undefined;
    const kind = String.fromCharCode(...bytes.subarray(at + 4, begin));
    if (kind === "PLTE") palette = bytes.subarray(begin, end);
    if (kind === "IDAT") packed.push(bytes.subarray(begin, end));
    if (kind === "IEND") return { ...header, palette, packed };
    at = end + 4;
  }
  return undefined;
}

let table: Uint32Array | undefined;

/** CRC-32 of the bytes from `begin` to `end`. */
function crc(bytes: Uint8Array, begin: number, end: number): number {
  table ??= Uint32Array.from({ length: 256 }, (_, n) => {
    let value = n;
    for (let k = 0; k < 8; k++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
    return value;
  });
  let sum = 0xffffffff;
  for (let i = begin; i < end; i++) sum = table[(sum ^ bytes[i]!) & 0xff]! ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}
