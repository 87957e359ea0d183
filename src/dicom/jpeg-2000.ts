/** @file Reads the size and the tiles of a JPEG 2000 codestream (ISO 15444-1 annex A). */

import { problem } from "./problem.js";
import type { StreamFacts } from "./stream-facts.js";
import { say } from "../language/say.js";

const SOC_AND_SIZ = [0xff, 0x4f, 0xff, 0x51];
const SOT = 0xff90;
const EOC = 0xffd9;

/** A bare codestream, or a JP2 box. */
export function isJpeg2000(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0x4f) || (bytes[0] === 0 && bytes[3] === 12);
}

/** A.5.1: reference grid and offset, then each component's bits. */
export function sizOf(bytes: Uint8Array): StreamFacts | undefined {
  const view = codestreamOf(bytes);
  if (view === undefined) return undefined;
  return {
    width: view.getUint32(8) - view.getUint32(16),
    height: view.getUint32(12) - view.getUint32(20),
    components: view.getUint16(40),
    bits: (view.getUint8(42) & 0x7f) + 1,
    marker: 0,
  };
}

/** @throws GradlensError "bad-picture" unless each tile has a part: a decoder leaves the others black */
export function checkTiles(bytes: Uint8Array): void {
  const view = codestreamOf(bytes)!;
  const along = (axis: 0 | 4): number =>
    Math.ceil((view.getUint32(8 + axis) - view.getUint32(32 + axis)) / view.getUint32(24 + axis));
  const tiles = along(0) * along(4);
  if (!(tiles >= 1)) throw problem(say`has compressed pixels with an invalid header`);
  const found = new Set<number>();
  for (let at = 2; at + 10 <= view.byteLength && view.getUint16(at) !== EOC;) {
    const isTile = view.getUint16(at) === SOT;
    if (isTile) found.add(view.getUint16(at + 4));
    // A tile-part without a length ends with the codestream.
    at += isTile ? view.getUint32(at + 6) || Infinity : 2 + view.getUint16(at + 2);
  }
  if (found.size !== tiles) {
    throw problem(say`is cut off: it holds ${found.size} of the ${tiles} tiles of its JPEG 2000 pixels`);
  }
}

function codestreamOf(bytes: Uint8Array): DataView | undefined {
  const at = bytes.findIndex((_, i) => SOC_AND_SIZ.every((byte, k) => bytes[i + k] === byte));
  if (at < 0 || bytes.length < at + 43) return undefined;
  return new DataView(bytes.buffer, bytes.byteOffset + at, bytes.length - at);
}
