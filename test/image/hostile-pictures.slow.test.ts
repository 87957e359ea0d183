/** @file Pictures that keep a decoder busy, or are larger than lists may be: a line in bounded time, never a hang or a crash. */

import { deflateSync } from "node:zlib";
import { crc32 } from "node:zlib";
import { expect, it, vi } from "vitest";
import { readPicture } from "../../src/node/read-picture.js";
import { tiffOfManyTiles } from "./many-tiles.js";

vi.setConfig({ testTimeout: 300_000 });

it("a TIFF of 1 MB with too many tiles is refused in bounded time", async () => {
  const begin = performance.now();
  const reading = readPicture(tiffOfManyTiles());
  await expect(reading).rejects.toMatchObject({
    code: "bad-picture",
    message: expect.stringMatching(/exceeded the time limit/) as string,
  });
  // Its limit is 14 s; decoders look at the clock now and then, and the machine may be busy.
  expect(performance.now() - begin).toBeLessThan(150_000);
});

it.each([
  ["a colour photograph", 8256, 5504, 2],
  ["a grey scan", 12_000, 12_000, 0],
] as const)("%s of 16 bits and many pixels is read", async (_, width, height, colour) => {
  const picture = await readPicture(png16(width, height, colour));
  expect([picture.width, picture.height]).toEqual([width, height]);
  const at = 3 * (5 * width + 7);
  const high = colour === 2 ? [21, 22, 23] : [7, 7, 7];
  expect([...picture.data.subarray(at, at + 3)]).toEqual(high);
});

/** Every sample is its place in the row, modulo 256, in the high byte. */
function png16(width: number, height: number, colour: 0 | 2): Uint8Array {
  const samples = width * (colour === 2 ? 3 : 1);
  const row = Buffer.alloc(1 + 2 * samples);
  for (let i = 0; i < samples; i++) row[1 + 2 * i] = i & 255;
  const data = Buffer.alloc(row.length * height);
  for (let y = 0; y < height; y++) row.copy(data, y * row.length);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([16, colour], 8);
  const chunk = (type: string, body: Uint8Array): Buffer => {
    const typed = Buffer.concat([Buffer.from(type), body]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(body.length);
    sum.writeUInt32BE(crc32(typed));
    return Buffer.concat([length, typed, sum]);
  };
  const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  const packed = deflateSync(data, { level: 1 });
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", packed),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
