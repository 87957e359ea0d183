/** @file Reads letters of a TrueType font: widths and outlines. Supports the fonts that tools/make_fonts.py makes. */

import { GradlensError } from "../../errors.js";

export interface Font {
  readonly name: string;
  has(codePoint: number): boolean;
  /** The advance in em; for letters that the font lacks, that of its box. */
  advance(codePoint: number): number;
  /** SVG path data of a letter whose origin is (x, y), `px` pixels an em, y growing downwards. */
  outline(codePoint: number, x: number, y: number, px: number): string;
  readonly parts: FontParts;
}

/** What a font of some of the letters is made of (subset-font.ts). */
export interface FontParts {
  readonly unitsPerEm: number;
  readonly glyphOf: (codePoint: number) => number;
  /** In font units. */
  readonly advanceOf: (glyph: number) => number;
  readonly leftBearingOf: (glyph: number) => number;
  /** The glyph's outline in the table "glyf"; empty for a space. */
  readonly glyphBytes: (glyph: number) => Uint8Array;
  /** A whole table, to its stated length. */
  readonly table: (name: string) => Uint8Array;
}

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
export function readFont(bytes: Uint8Array, name: string): Font {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tables = new Map<string, { readonly at: number; readonly length: number }>();
  for (let i = 0, at = 12; i < view.getUint16(4); i++, at += 16) {
    const place = { at: view.getUint32(at + 8), length: view.getUint32(at + 12) };
    tables.set(String.fromCharCode(...bytes.subarray(at, at + 4)), place);
  }
  const placeOf = (table: string): { readonly at: number; readonly length: number } => {
    const place = tables.get(table);
    if (place === undefined) throw new GradlensError("internal", `the font has no table "${table}"`);
    return place;
  };
  const table = (tag: string): number => placeOf(tag).at;
  const unitsPerEm = view.getUint16(table("head") + 18);
  const longOffsets = view.getInt16(table("head") + 50) === 1;
  const widths = view.getUint16(table("hhea") + 34);
  const glyphs = characterMap(view, table("cmap"));
  const glyphOf = (codePoint: number): number => glyphs.get(codePoint) ?? 0;
  const [hmtx, loca, glyf] = [table("hmtx"), table("loca"), table("glyf")];
  const offsetOf = (glyph: number): number =>
    glyf + (longOffsets ? view.getUint32(loca + 4 * glyph) : 2 * view.getUint16(loca + 2 * glyph));

  // The last width applies to all glyphs after it.
  const advanceOf = (glyph: number): number => view.getUint16(hmtx + 4 * Math.min(glyph, widths - 1));

  return {
    name,
    parts: {
      unitsPerEm,
      glyphOf,
      advanceOf,
      leftBearingOf: (glyph) =>
        view.getInt16(glyph < widths ? hmtx + 4 * glyph + 2 : hmtx + 2 * (widths + glyph)),
      glyphBytes: (glyph) => bytes.subarray(offsetOf(glyph), offsetOf(glyph + 1)),
      table(tag) {
        const { at, length } = placeOf(tag);
        return bytes.subarray(at, at + length);
      },
    },
    has: (codePoint) => glyphs.has(codePoint),
    advance: (codePoint) => advanceOf(glyphOf(codePoint)) / unitsPerEm,
    outline(codePoint, x, y, px) {
      const glyph = glyphOf(codePoint);
      const at = offsetOf(glyph);
      if (offsetOf(glyph + 1) === at) return "";
      const scale = px / unitsPerEm;
      const place = (point: Point): string =>
        `${rounded(x + point.x * scale)} ${rounded(y - point.y * scale)}`;
      return contoursOf(view, at)
        .map((contour) => contourPath(contour, place))
        .join("");
    },
  };
}

/** Format 12: groups of consecutive characters with consecutive glyphs. */
function characterMap(view: DataView, cmap: number): Map<number, number> {
  const at = cmap + view.getUint32(cmap + 8);
  if (view.getUint16(at) !== 12) throw new GradlensError("internal", "the font has no map of format 12");
  const glyphs = new Map<number, number>();
  for (let i = 0, group = at + 16; i < view.getUint32(at + 12); i++, group += 12) {
    const [first, last, glyph] = [0, 4, 8].map((offset) => view.getUint32(group + offset));
    for (let code = first!; code <= last!; code++) glyphs.set(code, glyph! + code - first!);
  }
  return glyphs;
}

/** The closed contours of a simple glyph, in font units, y growing upwards. */
function contoursOf(view: DataView, glyph: number): Point[][] {
  const count = view.getInt16(glyph);
  const ends = Array.from({ length: count }, (_, i) => view.getUint16(glyph + 10 + 2 * i));
  let at = glyph + 10 + 2 * count;
  at += 2 + view.getUint16(at);
  const points = ends.at(-1)! + 1;
  const flags: number[] = [];
  while (flags.length < points) {
    const flag = view.getUint8(at++);
    const times = flag & REPEAT ? view.getUint8(at++) + 1 : 1;
    for (let i = 0; i < times; i++) flags.push(flag);
  }
  const coordinates = (short: number, sameOrPositive: number): number[] => {
    let value = 0;
    return flags.map((flag) => {
      if (flag & short) value += flag & sameOrPositive ? view.getUint8(at++) : -view.getUint8(at++);
      else if (!(flag & sameOrPositive)) {
        value += view.getInt16(at);
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
