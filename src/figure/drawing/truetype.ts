/** @file Reads letters of a TrueType font: widths and outlines. Supports the fonts that tools/make_fonts.py makes. */

import { GradlensError } from "../../errors.js";

export type Font = ReturnType<typeof readFont>;

/** Flags of a point in a simple glyph (OpenType specification, "glyf"). */
const ON_CURVE = 1;
const X_SHORT = 2;
const Y_SHORT = 4;
const REPEAT = 8;
const X_SAME_OR_POSITIVE = 16;
const Y_SAME_OR_POSITIVE = 32;

interface Point {
  readonly x: number;
  readonly y: number;
  readonly onCurve: boolean;
}

/**
 * Reads a font of simple glyphs with one character map of format 12.
 * @throws GradlensError "internal" for any other
 */
export function readFont(bytes: Buffer, name: string) {
  const tables = new Map<string, Buffer>();
  for (let i = 0, at = 12; i < bytes.readUInt16BE(4); i++, at += 16) {
    const [begin, length] = [bytes.readUInt32BE(at + 8), bytes.readUInt32BE(at + 12)];
    tables.set(bytes.toString("latin1", at, at + 4), bytes.subarray(begin, begin + length));
  }
  /** A whole table, to its stated length. */
  const table = (tag: string): Buffer => {
    const found = tables.get(tag);
    if (found === undefined) throw new GradlensError("internal", `the font has no table "${tag}"`);
    return found;
  };
  const unitsPerEm = table("head").readUInt16BE(18);
  const longOffsets = table("head").readInt16BE(50) === 1;
  const widths = table("hhea").readUInt16BE(34);
  const glyphs = characterMap(table("cmap"));
  const [hmtx, loca, glyf] = [table("hmtx"), table("loca"), table("glyf")];
  const glyphOf = (codePoint: number): number => glyphs.get(codePoint) ?? 0;
  /** In font units. The last width applies to all glyphs after it. */
  const advanceOf = (glyph: number): number => hmtx.readUInt16BE(4 * Math.min(glyph, widths - 1));
  const offsetOf = (glyph: number): number =>
    longOffsets ? loca.readUInt32BE(4 * glyph) : 2 * loca.readUInt16BE(2 * glyph);
  /** The glyph's outline in the table "glyf"; empty for a space. */
  const glyphBytes = (glyph: number): Buffer => glyf.subarray(offsetOf(glyph), offsetOf(glyph + 1));
  return {
    name,
    unitsPerEm,
    table,
    glyphOf,
    advanceOf,
    glyphBytes,
    /** In font units. */
    leftBearingOf: (glyph: number): number =>
      hmtx.readInt16BE(glyph < widths ? 4 * glyph + 2 : 2 * (widths + glyph)),
    has: (codePoint: number): boolean => glyphs.has(codePoint),
    /** The advance in em; for letters that the font lacks, that of its box. */
    advance: (codePoint: number): number => advanceOf(glyphOf(codePoint)) / unitsPerEm,
    /** SVG path data of a letter whose origin is (x, y), `px` pixels an em, y growing downwards. */
    outline(codePoint: number, x: number, y: number, px: number): string {
      const scale = px / unitsPerEm;
      const place = (point: Point): string =>
        `${rounded(x + point.x * scale)} ${rounded(y - point.y * scale)}`;
      return contoursOf(glyphBytes(glyphOf(codePoint)))
        .map((contour) => contourPath(contour, place))
        .join("");
    },
  };
}

/** Format 12: groups of consecutive characters with consecutive glyphs. */
function characterMap(cmap: Buffer): Map<number, number> {
  const at = cmap.readUInt32BE(8);
  if (cmap.readUInt16BE(at) !== 12) throw new GradlensError("internal", "the font has no map of format 12");
  const glyphs = new Map<number, number>();
  for (let i = 0, group = at + 16; i < cmap.readUInt32BE(at + 12); i++, group += 12) {
    const [first, last, glyph] = [0, 4, 8].map((offset) => cmap.readUInt32BE(group + offset));
    for (let code = first!; code <= last!; code++) glyphs.set(code, glyph! + code - first!);
  }
  return glyphs;
}

/** The closed contours of a simple glyph, in font units, y growing upwards. */
function contoursOf(glyph: Buffer): Point[][] {
  if (glyph.length === 0) return [];
  const count = glyph.readInt16BE(0);
  const ends = Array.from({ length: count }, (_, i) => glyph.readUInt16BE(10 + 2 * i));
  let at = 10 + 2 * count;
  at += 2 + glyph.readUInt16BE(at);
  const points = ends.at(-1)! + 1;
  const flags: number[] = [];
  while (flags.length < points) {
    const flag = glyph.readUInt8(at++);
    const times = flag & REPEAT ? glyph.readUInt8(at++) + 1 : 1;
    for (let i = 0; i < times; i++) flags.push(flag);
  }
  const coordinates = (short: number, sameOrPositive: number): number[] => {
    let value = 0;
    return flags.map((flag) => {
      if (flag & short) value += flag & sameOrPositive ? glyph.readUInt8(at++) : -glyph.readUInt8(at++);
      else if (!(flag & sameOrPositive)) {
        value += glyph.readInt16BE(at);
        at += 2;
      }
      return value;
    });
  };
  const xs = coordinates(X_SHORT, X_SAME_OR_POSITIVE);
  const ys = coordinates(Y_SHORT, Y_SAME_OR_POSITIVE);
  return ends.map((end, i) =>
    flags
      .map((flag, j) => ({ x: xs[j]!, y: ys[j]!, onCurve: (flag & ON_CURVE) !== 0 }))
      .slice(i === 0 ? 0 : ends[i - 1]! + 1, end + 1),
  );
}

/** A contour as quadratic curves: halfway between two points off the curve lies one on it. */
function contourPath(contour: readonly Point[], place: (point: Point) => string): string {
  const begin = contour.findIndex((point) => point.onCurve);
  const first = begin < 0 ? halfway(contour.at(-1)!, contour[0]!) : contour[begin]!;
  const rest = [...contour.slice(begin + 1), ...contour.slice(0, begin + 1)];
  let path = `M${place(first)}`;
  for (const [i, point] of rest.entries()) {
    if (point.onCurve) {
      if (i === 0 || rest[i - 1]!.onCurve) path += `L${place(point)}`;
      continue;
    }
    const next = rest[i + 1] ?? first;
    path += `Q${place(point)} ${place(next.onCurve ? next : halfway(point, next))}`;
  }
  return `${path}Z`;
}

function halfway(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, onCurve: true };
}

const rounded = (value: number): number => Math.round(value * 100) / 100;
