/** @file Small copies of pictures, for pages that show many. */

import type { Picture } from "../image/picture.js";
import { bytesOf } from "../image/quantise.js";

/** Good enough for a picture below a heat map. */
const JPEG_QUALITY = 80;

const WITHIN = { fit: "inside", withoutEnlargement: true } as const;

/** A picture, encoded or not, within `side` x `side` pixels as a JPEG; smaller ones keep their size. */
export async function thumbnail(picture: Picture | Uint8Array, side: number): Promise<Uint8Array> {
  const { default: sharp } = await import("sharp");
  const image = picture instanceof Uint8Array ? sharp(picture) : sharp(bytesOf(picture), { raw: picture });
  return image
    .resize({ ...WITHIN, width: side, height: side })
    .jpeg({ quality: JPEG_QUALITY })
    .toBuffer();
}

/** A grey PNG of 8 or 16 bits within `side` x `side` pixels as one of 8 bits. Linear: other kernels overshoot. */
export async function greyThumbnail(bytes: Uint8Array, side: number): Promise<Uint8Array> {
  const { default: sharp } = await import("sharp");
  return sharp(bytes)
    .resize({ ...WITHIN, width: side, height: side, kernel: "linear" })
    .toColourspace("b-w")
    .png({ compressionLevel: 9 })
    .toBuffer();
}
