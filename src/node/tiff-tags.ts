/** @file Reads the numbers in the first directory of a TIFF (TIFF 6.0; BigTIFF), as far as the file holds them. */

/** BigTIFF's version number: 8-byte offsets instead of 4. */
const BIG = 43;

/** Bytes of a value, by its type: BYTE, SHORT, LONG, IFD, LONG8, IFD8. The other types are not whole numbers. */
const BYTES_OF_TYPE: Readonly<Record<number, 1 | 2 | 4 | 8>> = { 1: 1, 3: 2, 4: 4, 13: 4, 16: 8, 18: 8 };

export const TIFF_TAGS = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  stripOffsets: 273,
  samples: 277,
  rowsPerStrip: 278,
  stripBytes: 279,
  planar: 284,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileBytes: 325,
  extraSamples: 338,
  sampleFormat: 339,
} as const;

export type TiffTags = { readonly [K in keyof typeof TIFF_TAGS]?: readonly number[] };

/** The tags of the first page; unreadable ones are left out. */
export function tiffTags(bytes: Uint8Array): TiffTags {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = new Map<number, readonly number[]>();
  try {
    readDirectory(view, found);
  } catch (error) {
    // The file ends early: the tags read so far count.
    if (!(error instanceof RangeError)) throw error;
  }
  return Object.fromEntries(
    Object.entries(TIFF_TAGS).flatMap(([name, tag]) => {
      const values = found.get(tag);
      return values === undefined ? [] : [[name, values]];
    }),
  );
}

function readDirectory(view: DataView, found: Map<number, readonly number[]>): void {
  const little = view.getUint8(0) === 0x49;
  const big = view.getUint16(2, little) === BIG;
  const word = (at: number): number =>
    big ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little);
  const page = word(big ? 8 : 4);
  const entries = big ? word(page) : view.getUint16(page, little);
  // An entry: tag, type, count, and the value, or its offset if the field is too small.
  const [header, entry, value, room] = big ? [8, 20, 12, 8] : [2, 12, 8, 4];
  for (let i = 0, at = page + header; i < entries; i++, at += entry) {
    const size = BYTES_OF_TYPE[view.getUint16(at + 2, little)];
    const count = word(at + 4);
    if (size === undefined || count * size > view.byteLength) continue;
    const start = count * size <= room ? at + value : word(at + value);
    if (start + count * size > view.byteLength) continue;
    const values = Array.from({ length: count }, (_, k) => numberAt(view, start + k * size, size, little));
    found.set(view.getUint16(at, little), values);
  }
}

function numberAt(view: DataView, at: number, size: 1 | 2 | 4 | 8, little: boolean): number {
  switch (size) {
    case 1:
      return view.getUint8(at);
    case 2:
      return view.getUint16(at, little);
    case 4:
      return view.getUint32(at, little);
    case 8:
      return Number(view.getBigUint64(at, little));
  }
}
