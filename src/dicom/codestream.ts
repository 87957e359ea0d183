/** @file Reads a compressed frame's size and checks it before a decoder allocates memory. */

import { checkTiles, isJpeg2000, sizOf } from "./jpeg-2000.js";
import { problem } from "./problem.js";
import type { StreamFacts } from "./stream-facts.js";
import type { Codec } from "./transfer-syntaxes.js";
import { say } from "../language/say.js";

/** JPEG (baseline, extended, lossless) and JPEG-LS: from the frame header SOFn. JPEG 2000: from SIZ, in a JP2 box or bare. */
export function streamFacts(bytes: Uint8Array): StreamFacts {
  const facts = isJpeg2000(bytes) ? sizOf(bytes) : sofOf(bytes);
  if (facts === undefined) throw problem(say`has compressed pixels with an invalid header`);
  return facts;
}

/**
 * The most pixels that one byte can stand for. JPEG needs a bit for each block of 8x8 pixels. The others code blank pictures
 * in almost no bytes; 4096 admits every picture with contents.
 */
const PIXELS_A_BYTE: Readonly<Record<Codec, number>> = { jpeg: 8 * 64, "jpeg-ls": 4096, "jpeg-2000": 4096 };

/** @throws GradlensError "bad-picture" for an incomplete codestream, so that a small file cannot allocate much memory */
export function checkStream(codec: Codec, bytes: Uint8Array, width: number, height: number): void {
  if (width * height > PIXELS_A_BYTE[codec] * bytes.length) {
    const said = say`${bytes.length} bytes for ${width}x${height} compressed pixels`;
    throw problem(say`has ${said}: it is cut off, or blank`);
  }
  if (codec === "jpeg-2000") checkTiles(bytes);
}

/** Markers up to the first frame header: SOF0..SOF15 (but for DHT, JPG and DAC), or JPEG-LS's SOF55. */
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
