/** @file Unfilters PNG rows and joins the passes of Adam7. */

import { SAMPLES, type PngHeader } from "./png-chunks.js";

/** Rows of every `dy`-th line from `y`, of every `dx`-th pixel from `x`. */
type Pass = Readonly<Record<"x" | "y" | "dx" | "dy", number>>;

/** A pass with its size, and where its rows begin in the unpacked bytes. */
export interface PassRows extends Pass {
  readonly at: number;
  readonly columns: number;
  readonly rows: number;
  /** Bytes of a row, without the byte before it that names its filter. */
  readonly stride: number;
}

const WHOLE: readonly Pass[] = [{ x: 0, y: 0, dx: 1, dy: 1 }];

/** W3C PNG, 8.1. */
const ADAM7: readonly Pass[] = [
  { x: 0, y: 0, dx: 8, dy: 8 },
  { x: 4, y: 0, dx: 8, dy: 8 },
  { x: 0, y: 4, dx: 4, dy: 8 },
  { x: 2, y: 0, dx: 4, dy: 4 },
  { x: 0, y: 2, dx: 2, dy: 4 },
  { x: 1, y: 0, dx: 2, dy: 2 },
  { x: 0, y: 1, dx: 1, dy: 2 },
];

const bitsPerPixel = ({ bits, colours }: PngHeader): number => bits * SAMPLES[colours];

/** The passes that hold pixels, and the bytes of all. */
export function passesOf(header: PngHeader): {
  readonly passes: readonly PassRows[];
  readonly bytes: number;
} {
  const passes: PassRows[] = [];
  let bytes = 0;
  for (const pass of header.interlaced ? ADAM7 : WHOLE) {
    const columns = Math.ceil((header.width - pass.x) / pass.dx);
    const rows = Math.ceil((header.height - pass.y) / pass.dy);
    if (columns <= 0 || rows <= 0) continue;
    const stride = Math.ceil((columns * bitsPerPixel(header)) / 8);
    passes.push({ ...pass, at: bytes, columns, rows, stride });
    bytes += rows * (stride + 1);
  }
  return { passes, bytes };
}

/** Takes the filters off in place. @returns false for a filter that no PNG has */
export function unfilter(bytes: Uint8Array, header: PngHeader, { at, rows, stride }: PassRows): boolean {
  const back = Math.max(1, bitsPerPixel(header) / 8);
  let above: Uint8Array = new Uint8Array(stride);
  for (let y = 0; y < rows; y++) {
    const begin = at + y * (stride + 1);
    const row = bytes.subarray(begin + 1, begin + 1 + stride);
    const filter = FILTERS[bytes[begin]!];
    if (filter === undefined) return false;
    filter(row, above, back);
    above = row;
  }
  return true;
}

type Filter = (row: Uint8Array, above: Uint8Array, back: number) => void;

/** W3C PNG, 9.2: none, sub, up, average, Paeth. `back` is the distance to the pixel before. */
const FILTERS: readonly Filter[] = [
  () => undefined,
  (row, _, back) => {
    for (let i = back; i < row.length; i++) row[i]! += row[i - back]!;
  },
  (row, above) => {
    for (let i = 0; i < row.length; i++) row[i]! += above[i]!;
  },
  (row, above, back) => {
    for (let i = 0; i < row.length; i++) row[i]! += ((i < back ? 0 : row[i - back]!) + above[i]!) >> 1;
  },
  (row, above, back) => {
    for (let i = 0; i < row.length; i++) {
      row[i]! += i < back ? above[i]! : paeth(row[i - back]!, above[i]!, above[i - back]!);
    }
  },
];

/** Of left, above and above left the one nearest to left + above - above left. */
function paeth(left: number, above: number, corner: number): number {
  const toLeft = Math.abs(above - corner);
  const toAbove = Math.abs(left - corner);
  const toCorner = Math.abs(left + above - 2 * corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}
