/** @file The marker segments of JPEG, JPEG-LS and JPEG 2000 codestreams. */

import { joined } from "../checkpoint/safetensors-file.js";
import { withOtherNumber } from "./mutate-bytes.js";
import type { Format, Part } from "./parts.js";
import { oneOf } from "./random.js";

/** What the compressed data after a scan's header is called. */
const DATA = "data";

/** TEM, SOC, SOD, RSTn, SOI, EOI. */
const isAlone = (marker: number): boolean =>
  marker === 0x01 || marker === 0x4f || marker === 0x93 || (marker >= 0xd0 && marker <= 0xd9);

/** SOS, SOD. */
const beginsData = (marker: number): boolean => marker === 0xda || marker === 0x93;

/** DHT, DAC, DQT, DRI, SOFs of all processes, JPEG-LS's and some of APPn and of JPEG 2000. */
const MARKERS = [
  0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc9, 0xcc, 0xda, 0xdb, 0xdd, 0xe0, 0xe1, 0xe2, 0xee, 0xf7, 0xf8, 0xfe, 0x51,
  0x52, 0x5c, 0x90, 0xd0, 0xd8, 0xd9,
].map(String);

export const JPEG: Format = {
  split(bytes) {
    if (bytes[0] !== 0xff || (bytes[1] !== 0xd8 && bytes[1] !== 0x4f)) return undefined;
    const parts: Part[] = [];
    for (let at = 0; at + 1 < bytes.length;) {
      const marker = bytes[at + 1]!;
      if (bytes[at] !== 0xff) {
        parts.push({ kind: DATA, body: bytes.subarray(at) });
        break;
      }
      const length = isAlone(marker) ? 0 : ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
      parts.push({ kind: String(marker), body: bytes.subarray(at + 4, at + 2 + Math.max(length, 2)) });
      at += 2 + length;
      if (!beginsData(marker)) continue;
      const end = endOfData(bytes, at);
      parts.push({ kind: DATA, body: bytes.subarray(at, end) });
      at = end;
    }
    return parts;
  },
  join: (parts) =>
    joined(
      ...parts.map(({ kind, body }) => {
        if (kind === DATA) return body;
        const marker = Number(kind);
        if (isAlone(marker)) return Uint8Array.of(0xff, marker);
        const kept = body.subarray(0, 0xfffd);
        const length = kept.length + 2;
        return joined(Uint8Array.of(0xff, marker, length >> 8, length & 255), kept);
      }),
    ),
  change(part, random) {
    if (part.kind === DATA) return part;
    if (random(3) === 0) return { ...part, kind: oneOf(MARKERS, random) };
    return {
      ...part,
      body: joined(withOtherNumber(part.body.subarray(0, 10), random), part.body.subarray(10)),
    };
  },
};

/** The next marker that does not stand inside a scan. */
function endOfData(bytes: Uint8Array, from: number): number {
  for (let at = from; at + 1 < bytes.length; at++) {
    const next = bytes[at + 1]!;
    if (bytes[at] === 0xff && next > 0x8f && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return bytes.length;
}
