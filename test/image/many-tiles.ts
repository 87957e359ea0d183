/** @file A whole TIFF of 1 MB that keeps libtiff busy for half a minute: 122,884 tiles, all of them the same 768 bytes. */

const [WIDTH, HEIGHT, TILE] = [983_063, 17, 16];
const SHORT = 3;
const LONG = 4;

export function tiffOfManyTiles(): Uint8Array {
  const tiles = Math.ceil(WIDTH / TILE) * Math.ceil(HEIGHT / TILE);
  const entries = 11;
  const bits = 8 + 2 + 12 * entries + 4;
  const offsets = bits + 8;
  const lengths = offsets + 4 * tiles;
  const pixels = lengths + 4 * tiles;
  const size = TILE * TILE * 3;
  const file = Buffer.alloc(pixels + size, 128);
  file.write("II*\0", "latin1");
  file.writeUInt32LE(8, 4);
  file.writeUInt16LE(entries, 8);
  const tags = [
    [256, LONG, 1, WIDTH],
    [257, LONG, 1, HEIGHT],
    [258, SHORT, 3, bits],
    [259, SHORT, 1, 1], // not compressed
    [262, SHORT, 1, 2], // RGB
    [277, SHORT, 1, 3],
    [284, SHORT, 1, 1], // samples of a pixel side by side
    [322, LONG, 1, TILE],
    [323, LONG, 1, TILE],
    [324, LONG, tiles, offsets],
    [325, LONG, tiles, lengths],
  ] as const;
  tags.forEach(([tag, type, count, value], i) => {
    const at = 10 + 12 * i;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(type, at + 2);
    file.writeUInt32LE(count, at + 4);
    file.writeUInt32LE(value, at + 8);
  });
  file.writeUInt32LE(0, bits - 4);
  for (let i = 0; i < 3; i++) file.writeUInt16LE(8, bits + 2 * i);
  for (let i = 0; i < tiles; i++) {
    file.writeUInt32LE(pixels, offsets + 4 * i);
    file.writeUInt32LE(size, lengths + 4 * i);
  }
  return file;
}
