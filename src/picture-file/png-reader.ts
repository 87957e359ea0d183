/**
 * @file Reads PNG files (ISO/IEC 15948) to their own samples of 8 or 16 bits, which a browser's canvas would change: it keeps 8
 * bits, and multiplies colours by their alpha.
 */

import { unzlibSync } from "fflate";
import { GradlensError } from "../errors.js";

/** Samples as stored, without alpha: palettes as RGB, grey of 1, 2 and 4 bits stretched to 8. */
export interface PngSamples {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array | Uint16Array;
}

/** Samples of a pixel by colour type: grey, RGB, palette, grey and alpha, RGB and alpha. */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};
const PALETTE = 3;

/** First column, first row, columns apart and rows apart of each pass (8.2). */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;
const PLAIN = [[0, 0, 1, 1]] as const;

interface Header {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colour: number;
  readonly interlaced: boolean;
}

/**
 * @param check refuses a size before its pixels are unpacked
 * @throws GradlensError "bad-picture"
 */
export function readPng(
  bytes: Uint8Array,
  name: string,
  check: (size: { readonly width: number; readonly height: number }) => void,
): PngSamples {
  const { header, palette, packed } = readChunks(bytes, name);
  check(header);
  const { width, height, colour, depth, interlaced } = header;
  const per = SAMPLES[colour]!;
  const passes = (interlaced ? ADAM7 : PLAIN).map(([x0, y0, dx, dy]) => ({
    x0,
    y0,
    dx,
    dy,
    columns: Math.max(0, Math.ceil((width - x0) / dx)),
    rows: Math.max(0, Math.ceil((height - y0) / dy)),
  }));
  const rowBytes = (columns: number): number => Math.ceil((columns * per * depth) / 8);
  const needed = passes.reduce(
    (sum, { columns, rows }) => sum + (columns > 0 ? rows * (1 + rowBytes(columns)) : 0),
    0,
  );
  const raw = unpack(packed, needed, name);
  const samples = depth === 16 ? new Uint16Array(width * height * per) : new Uint8Array(width * height * per);
  const step = Math.max(1, (per * depth) / 8);
  let at = 0;
  for (const { x0, y0, dx, dy, columns, rows } of passes) {
    if (columns === 0) continue;
    const length = rowBytes(columns);
    let before: Uint8Array = new Uint8Array(length);
    for (let r = 0; r < rows; r++, at += 1 + length) {
      const row = raw.subarray(at + 1, at + 1 + length);
      unfilter(row, before, raw[at]!, step, name);
      before = row;
      const start = (y0 + r * dy) * width + x0;
      for (let i = 0; i < columns * per; i++) {
        const column = Math.floor(i / per);
        samples[(start + column * dx) * per + (i % per)] = sampleOf(row, i, depth);
      }
    }
  }
  const size = { width, height };
  if (colour === PALETTE) return { ...size, channels: 3, data: coloured(samples, palette, name) };
  const channels = per < 3 ? 1 : 3;
  const stretched = depth < 8 ? samples.map((value) => (value * 255) / (2 ** depth - 1)) : samples;
  return { ...size, channels, data: withoutAlpha(stretched, per, channels) };
}

const problem = (name: string, what: string): GradlensError =>
  new GradlensError("bad-picture", `${name}: this PNG cannot be decoded (${what}); save it again`);

function readChunks(bytes: Uint8Array, name: string) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [];
  let header: Header | undefined;
  let palette: Uint8Array = new Uint8Array();
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = view.getUint32(at);
    const kind = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (body.length < length) break;
    if (kind === "IHDR") header = headerOf(body, name);
    else if (kind === "PLTE") palette = Uint8Array.from(body);
    else if (kind === "IDAT") parts.push(body);
    else if (kind === "IEND") break;
    at += 12 + length;
  }
  if (header === undefined || parts.length === 0) throw problem(name, "it is cut off");
  const packed = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    packed.set(part, at);
    at += part.length;
  }
  return { header, palette, packed };
}

function headerOf(body: Uint8Array, name: string): Header {
  if (body.length < 13) throw problem(name, "its header is cut off");
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, colour, , , interlace] = [...body.subarray(8, 13)] as [
    number,
    number,
    number,
    number,
    number,
  ];
  if (width === 0 || height === 0 || !DEPTHS[colour]?.includes(depth) || interlace > 1)
    throw problem(name, "its header is invalid");
  return { width, height, depth, colour, interlaced: interlace === 1 };
}

function unpack(packed: Uint8Array, needed: number, name: string): Uint8Array {
  try {
    const out = unzlibSync(packed, { out: new Uint8Array(needed) });
    if (out.length >= needed) return out;
  } catch {
    // Told below.
  }
  throw problem(name, "its pixels are cut off or damaged");
}

/** Undoes a row's filter (9.2). */
function unfilter(row: Uint8Array, above: Uint8Array, kind: number, step: number, name: string): void {
  if (kind > 4) throw problem(name, "its pixels are damaged");
  for (let i = 0; i < row.length && kind > 0; i++) {
    const left = i >= step ? row[i - step]! : 0;
    const up = above[i]!;
    const corner = i >= step ? above[i - step]! : 0;
    const guess =
      kind === 1 ? left : kind === 2 ? up : kind === 3 ? (left + up) >> 1 : paeth(left, up, corner);
    row[i] = row[i]! + guess;
  }
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

function sampleOf(row: Uint8Array, i: number, depth: number): number {
  if (depth === 8) return row[i]!;
  if (depth === 16) return (row[2 * i]! << 8) | row[2 * i + 1]!;
  const bit = i * depth;
  return (row[bit >> 3]! >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
}

function coloured(indexes: Uint8Array | Uint16Array, palette: Uint8Array, name: string): Uint8Array {
  const rgb = new Uint8Array(indexes.length * 3);
  for (let i = 0; i < indexes.length; i++) {
    const entry = 3 * indexes[i]!;
    if (entry + 3 > palette.length) throw problem(name, "its palette lacks a colour");
    rgb.set(palette.subarray(entry, entry + 3), 3 * i);
  }
  return rgb;
}

function withoutAlpha(
  samples: Uint8Array | Uint16Array,
  per: number,
  channels: number,
): Uint8Array | Uint16Array {
  if (per === channels) return samples;
  const count = samples.length / per;
  const kept =
    samples instanceof Uint16Array ? new Uint16Array(count * channels) : new Uint8Array(count * channels);
  for (let p = 0; p < count; p++)
    for (let c = 0; c < channels; c++) kept[p * channels + c] = samples[p * per + c]!;
  return kept;
}
