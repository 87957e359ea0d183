/** @file From a PNG's unpacked rows to the samples of a picture: palettes as colours, small greys as 8 bits, no alpha. */

import { SAMPLES, type PngChunks } from "./png-chunks.js";
import type { PassRows } from "./png-rows.js";

export interface PngValues {
  readonly data: Uint8Array | Uint16Array;
  /** 1 for grey. */
  readonly channels: 1 | 3;
}

/** @param rows unfiltered. @returns undefined where a pixel has no entry in the palette */
export function samplesOf(
  png: PngChunks,
  passes: readonly PassRows[],
  rows: Uint8Array,
): PngValues | undefined {
  const { width, height, bits, colours } = png;
  const entries = entriesOf(png);
  const channels = entries === undefined && SAMPLES[colours] < 3 ? 1 : 3;
  const data = new (bits === 16 ? Uint16Array : Uint8Array)(width * height * channels);
  for (const pass of passes) {
    for (let y = 0; y < pass.rows; y++) {
      const begin = pass.at + y * (pass.stride + 1) + 1;
      const row = rows.subarray(begin, begin + pass.stride);
      const at = ((pass.y + y * pass.dy) * width + pass.x) * channels;
      const place = { data, at, step: pass.dx * channels, columns: pass.columns };
      if (entries === undefined) copySamples(row, place, SAMPLES[colours], channels);
      else if (!copyEntries(row, place, bits, entries)) return undefined;
    }
  }
  return { data, channels };
}

/** Where a row's pixels go. */
interface Place {
  readonly data: Uint8Array | Uint16Array;
  readonly at: number;
  /** From one pixel to the next. */
  readonly step: number;
  readonly columns: number;
}

/** Of samples of 8 or 16 bits the first `kept` of each pixel's `per`. */
function copySamples(row: Uint8Array, { data, at, step, columns }: Place, per: number, kept: number): void {
  const isWide = data instanceof Uint16Array;
  for (let x = 0; x < columns; x++) {
    for (let c = 0; c < kept; c++) {
      const i = x * per + c;
      data[at + x * step + c] = isWide ? (row[2 * i]! << 8) | row[2 * i + 1]! : row[i]!;
    }
  }
}

/** RGB by index. @returns false where an index is none's */
function copyEntries(
  row: Uint8Array,
  { data, at, step, columns }: Place,
  bits: number,
  entries: Uint8Array,
): boolean {
  const mask = 2 ** bits - 1;
  for (let x = 0; x < columns; x++) {
    const bit = x * bits;
    const entry = 3 * ((row[bit >> 3]! >> (8 - bits - (bit & 7))) & mask);
    if (entry + 3 > entries.length) return false;
    for (let c = 0; c < 3; c++) data[at + x * step + c] = entries[entry + c]!;
  }
  return true;
}

/** RGB of each value: of a palette, or of greys of less than 8 bits, white being 255. Undefined for other pictures. */
function entriesOf({ bits, colours, palette }: PngChunks): Uint8Array | undefined {
  if (colours === 3) return palette ?? new Uint8Array();
  if (bits >= 8) return undefined;
  const white = 2 ** bits - 1;
  return Uint8Array.from({ length: 3 * (white + 1) }, (_, i) => (255 * Math.floor(i / 3)) / white);
}
