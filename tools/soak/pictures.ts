/** @file Many small pictures of all sizes and contents, the same for the same count. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";

/** What is quickest to write; WebP takes ten times as long. */
const FORMATS = [
  ["png", { compressionLevel: 1 }],
  ["jpeg", {}],
] as const;

/** Of 24 to 200 pixels a side, noise over a slope of colours, in folders of 500. */
export async function makePictures(folder: string, count: number): Promise<void> {
  let state = 1;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let i = 0; i < count; i++) {
    const [width, height] = [24 + random(177), 24 + random(177)];
    const colours = [random(256), random(256), random(256)];
    const data = new Uint8Array(width * height * 3);
    for (let k = 0; k < data.length; k++) {
      const row = Math.floor(k / (3 * width));
      data[k] = (colours[k % 3]! + (row * 64) / height + random(32)) & 255;
    }
    const [format, options] = FORMATS[i % FORMATS.length]!;
    const within = join(folder, String(Math.floor(i / 500)));
    mkdirSync(within, { recursive: true });
    const bytes = await sharp(data, { raw: { width, height, channels: 3 } })
      .toFormat(format, options)
      .toBuffer();
    writeFileSync(join(within, `${i}.${format}`), bytes);
  }
}
