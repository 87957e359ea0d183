/** @file Reads the numbers in the first directory of a TIFF (TIFF 6.0; BigTIFF), as far as the file holds them. */

/** BigTIFF's version number: 8-byte offsets instead of 4. */
const BIG = 43;

/** How a value is read, and its bytes, by its type. The other types are not whole numbers. */
const TYPES: Readonly<
  Record<number, readonly ["getUint8" | "getUint16" | "getUint32" | "getBigUint64", 1 | 2 | 4 | 8]>
> = {
  1: ["getUint8", 1], // BYTE
  3: ["getUint16", 2], // SHORT
  4: ["getUint32", 4], // LONG
  13: ["getUint32", 4], // IFD
  16: ["getBigUint64", 8], // LONG8
  18: ["getBigUint64", 8], // IFD8
};

const NAMES = {
  256: "width",
  257: "height",
  258: "bits",
  259: "compression",
  262: "photometric",
  273: "stripOffsets",
  277: "samples",
  279: "stripBytes",
  284: "planar",
  322: "tileWidth",
  323: "tileHeight",
  324: "tileOffsets",
  325: "tileBytes",
  338: "extraSamples",
  339: "sampleFormat",
} as const;

export type TiffTags = { readonly [K in (typeof NAMES)[keyof typeof NAMES]]?: readonly number[] };

/** The tags of the first page; unreadable ones are left out. */
export function tiffTags(bytes: Uint8Array): TiffTags {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Record<string, readonly number[]> = {};
  try {
    readDirectory(view, found);
  } catch (error) {
    // The file ends early: the tags read so far count.
    if (!(error instanceof RangeError)) throw error;
  }
  return found;
}

function readDirectory(view: DataView, found: Record<string, readonly number[]>): void {
  const little = view.getUint8(0) === 0x49;
  const big = view.getUint16(2, little) === BIG;
  const word = (at: number): number =>
    big ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little);
  const page = word(big ? 8 : 4);
  const entries = big ? word(page) : view.getUint16(page, little);
  // An entry: tag, type, count, and the value, or its offset if the field is too small.
  const [header, entry, value, room] = big ? [8, 20, 12, 8] : [2, 12, 8, 4];
  for (let i = 0, at = page + header; i < entries; i++, at += entry) {
    const name = (NAMES as Readonly<Record<number, string>>)[view.getUint16(at, little)];
    const type = TYPES[view.getUint16(at + 2, little)];
    if (name === undefined || type === undefined) continue;
    const [read, size] = type;
    const count = word(at + 4);
    if (count * size > view.byteLength) continue;
    const start = count * size <= room ? at + value : word(at + value);
    if (start + count * size > view.byteLength) continue;
    found[name] = Array.from({ length: count }, (_, k) => Number(view[read](start + k * size, little)));
  }
}
