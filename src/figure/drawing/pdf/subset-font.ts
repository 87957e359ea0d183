/** @file Makes a TrueType font of some letters of another, with the tables that PDF requires (ISO 32000-1, 9.9). */

import type { FontParts } from "../truetype.js";

export interface SubsetFont {
  readonly bytes: Uint8Array;
  /** Of each glyph, in 1/1000 em. Glyph 0 is that of missing letters. */
  readonly widths: readonly number[];
  /** The glyph of a letter, by its code point. */
  readonly glyphs: ReadonlyMap<number, number>;
}

/** The letters keep their order as glyphs 1, 2, ... */
export function subsetFont(font: FontParts, codePoints: readonly number[]): SubsetFont {
  const { unitsPerEm, glyphOf, advanceOf, leftBearingOf, glyphBytes, table } = font;
  const old = [0, ...codePoints.map(glyphOf)];
  const outlines = old.map(glyphBytes);
  // Offsets of glyphs must be even, and are best multiples of four.
  const offsets = outlines.reduce<number[]>((all, { length }) => [...all, all.at(-1)! + padded(length)], [0]);
  const head = copy(table("head"));
  // Long offsets; the sum over the whole file is checked by no reader of PDF.
  head.setInt16(50, 1);
  head.setUint32(8, 0);
  const hhea = copy(table("hhea"));
  hhea.setUint16(34, old.length);
  const maxp = copy(table("maxp"));
  maxp.setUint16(4, old.length);
  const tables: [string, Uint8Array][] = [
    ["glyf", joined(outlines)],
    ["head", bytesOf(head)],
    ["hhea", bytesOf(hhea)],
    [
      "hmtx",
      numbers(
        old.flatMap((glyph) => [advanceOf(glyph), leftBearingOf(glyph)]),
        2,
      ),
    ],
    ["loca", numbers(offsets, 4)],
    ["maxp", bytesOf(maxp)],
  ];
  return {
    bytes: fontFile(tables),
    widths: old.map((glyph) => (1000 * advanceOf(glyph)) / unitsPerEm),
    glyphs: new Map(codePoints.map((code, i) => [code, i + 1])),
  };
}

/** The file: a directory of the tables by name, each with its sum, and the tables (OpenType specification, "Font file"). */
function fontFile(tables: readonly [name: string, bytes: Uint8Array][]): Uint8Array {
  const log = Math.floor(Math.log2(tables.length));
  const range = 16 * 2 ** log;
  const directory = new DataView(new ArrayBuffer(12 + 16 * tables.length));
  directory.setUint32(0, 0x00010000);
  [tables.length, range, log, 16 * tables.length - range].forEach((value, i) =>
    directory.setUint16(4 + 2 * i, value),
  );
  let at = directory.byteLength;
  for (const [i, [name, bytes]] of tables.entries()) {
    const entry = 12 + 16 * i;
    for (let k = 0; k < 4; k++) directory.setUint8(entry + k, name.charCodeAt(k));
    directory.setUint32(entry + 4, checkSum(bytes));
    directory.setUint32(entry + 8, at);
    directory.setUint32(entry + 12, bytes.length);
    at += padded(bytes.length);
  }
  return joined([bytesOf(directory), ...tables.map(([, bytes]) => bytes)]);
}

/** The sum of a table's big-endian words of 32 bits. */
function checkSum(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i++) sum = (sum + bytes[i]! * 2 ** (8 * (3 - (i % 4)))) % 2 ** 32;
  return sum;
}

const padded = (length: number): number => Math.ceil(length / 4) * 4;

/** Parts one after the other, each from a multiple of four on. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + padded(length), 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += padded(part.length);
  }
  return all;
}

/** Whole numbers of 2 or 4 bytes, big-endian; negative ones in two's complement. */
function numbers(values: readonly number[], size: 2 | 4): Uint8Array {
  const view = new DataView(new ArrayBuffer(size * values.length));
  for (const [i, value] of values.entries()) {
    if (size === 2) view.setUint16(2 * i, value);
    else view.setUint32(4 * i, value);
  }
  return bytesOf(view);
}

const copy = (bytes: Uint8Array): DataView => new DataView(Uint8Array.from(bytes).buffer);
const bytesOf = ({ buffer }: DataView): Uint8Array => new Uint8Array(buffer);
