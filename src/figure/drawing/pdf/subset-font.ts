/** @file Makes a TrueType font of some letters of another, with the tables that PDF requires (ISO 32000-1, 9.9). */

import type { Font } from "../truetype.js";

export interface SubsetFont {
  readonly bytes: Uint8Array;
  /** Of each glyph, in 1/1000 em. Glyph 0 is that of missing letters. */
  readonly widths: readonly number[];
  /** The glyph of a letter, by its code point. */
  readonly glyphs: ReadonlyMap<number, number>;
}

/** The letters keep their order as glyphs 1, 2, ... */
export function subsetFont(font: Font, codePoints: readonly number[]): SubsetFont {
  const { unitsPerEm, glyphOf, advanceOf, leftBearingOf, glyphBytes, table } = font;
  const old = [0, ...codePoints.map(glyphOf)];
  const outlines = old.map((glyph) => filled(glyphBytes(glyph)));
  const head = Buffer.from(table("head"));
  // Long offsets; the sum over the whole file is checked by no reader of PDF.
  head.writeInt16BE(1, 50);
  head.writeUInt32BE(0, 8);
  const hhea = Buffer.from(table("hhea"));
  hhea.writeUInt16BE(old.length, 34);
  const maxp = Buffer.from(table("maxp"));
  maxp.writeUInt16BE(old.length, 4);
  const hmtx = Buffer.alloc(4 * old.length);
  const loca = Buffer.alloc(4 * (old.length + 1));
  let end = 0;
  for (const [i, glyph] of old.entries()) {
    hmtx.writeUInt16BE(advanceOf(glyph), 4 * i);
    hmtx.writeInt16BE(leftBearingOf(glyph), 4 * i + 2);
    end += outlines[i]!.length;
    loca.writeUInt32BE(end, 4 * (i + 1));
  }
  return {
    bytes: fontFile({ glyf: Buffer.concat(outlines), head, hhea, hmtx, loca, maxp }),
    widths: old.map((glyph) => (1000 * advanceOf(glyph)) / unitsPerEm),
    glyphs: new Map(codePoints.map((code, i) => [code, i + 1])),
  };
}

/** The file: a directory of the tables by name, each with its sum, and the tables (OpenType specification, "Font file"). */
function fontFile(tables: Readonly<Record<string, Buffer>>): Buffer {
  const count = Object.keys(tables).length;
  const log = Math.floor(Math.log2(count));
  const range = 16 * 2 ** log;
  const directory = Buffer.alloc(12 + 16 * count);
  directory.writeUInt32BE(0x00010000);
  [count, range, log, 16 * count - range].forEach((value, i) => directory.writeUInt16BE(value, 4 + 2 * i));
  const parts: Buffer[] = [directory];
  let at = directory.length;
  for (const [i, [name, bytes]] of Object.entries(tables).entries()) {
    const entry = 12 + 16 * i;
    const part = filled(bytes);
    directory.write(name, entry, "latin1");
    directory.writeUInt32BE(checkSum(part), entry + 4);
    directory.writeUInt32BE(at, entry + 8);
    directory.writeUInt32BE(bytes.length, entry + 12);
    parts.push(part);
    at += part.length;
  }
  return Buffer.concat(parts);
}

/** The sum of a table's big-endian words of 32 bits. */
function checkSum(words: Buffer): number {
  let sum = 0;
  for (let at = 0; at < words.length; at += 4) sum = (sum + words.readUInt32BE(at)) >>> 0;
  return sum;
}

/** Filled up with zeros to a multiple of four bytes, as tables must be; for outlines an even number would do. */
const filled = (bytes: Buffer): Buffer => Buffer.concat([bytes], Math.ceil(bytes.length / 4) * 4);
