/** @file What a compressed frame says of its own size, read before a decoder makes room for it. */

import { problem } from "./problem.js";

export interface StreamFacts {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  /** Bits a sample. */
  readonly bits: number;
  /** The low byte of a JPEG's SOFn marker; 0 of JPEG 2000. */
  readonly marker: number;
}

/** Of JPEG (baseline, extended, lossless) and JPEG-LS: the frame header SOFn. Of JPEG 2000: SIZ, in a JP2 box or bare. */
export function streamFacts(bytes: Uint8Array): StreamFacts {
  const facts = isJpeg2000(bytes) ? sizOf(bytes) : sofOf(bytes);
  if (facts === undefined) throw problem("has compressed pixels whose header makes no sense");
  return facts;
}

function isJpeg2000(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0x4f) || (bytes[0] === 0 && bytes[3] === 12);
}

/** ISO 15444-1 A.5.1: reference grid and offset, then each component's bits. */
function sizOf(bytes: Uint8Array): StreamFacts | undefined {
  const at = bytes.findIndex(
    (byte, i) => byte === 0xff && bytes[i + 1] === 0x4f && bytes[i + 2] === 0xff && bytes[i + 3] === 0x51,
  );
  if (at < 0 || bytes.length < at + 43) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at);
  return {
    width: view.getUint32(8) - view.getUint32(16),
    height: view.getUint32(12) - view.getUint32(20),
    components: view.getUint16(40),
    bits: (view.getUint8(42) & 0x7f) + 1,
    marker: 0,
  };
}

/** Markers up to the first frame header: SOF0..SOF15 without DHT, JPG and DAC among them, or JPEG-LS's SOF55. */
function sofOf(bytes: Uint8Array): StreamFacts | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined;
  for (let at = 2; at + 9 < bytes.length;) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const word = (offset: number): number => bytes[at + offset]! * 256 + bytes[at + offset + 1]!;
    const isFrame =
      (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) || marker === 0xf7;
    if (isFrame)
      return { marker, bits: bytes[at + 4]!, height: word(5), width: word(7), components: bytes[at + 9]! };
    at += 2 + word(2);
  }
  return undefined;
}
