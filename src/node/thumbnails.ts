/** @file Small copies of pictures, for pages that show many. */

import type { Picture } from "../image/picture.js";
import { toBytes } from "./write-picture.js";

/** Good enough for a picture below a heat map. */
const JPEG_QUALITY = 80;

/** A picture within `side` x `side` pixels as a JPEG; smaller ones keep their size. */
export async function pictureThumbnail(picture: Picture, side: number): Promise<Uint8Array> {
  const { width, height, channels } = picture;
  const data = picture.data instanceof Uint8Array ? picture.data : toBytes(picture.data);
  const { default: sharp } = await import("sharp");
  return sharp(data, { raw: { width, height, channels } })
    .resize({ width: side, height: side, fit: "inside", withoutEnlargement: true })
    .jpeg({ quality: JPEG_QUALITY })
    .toBuffer();
}

/** An encoded picture within `side` x `side` pixels as a JPEG. */
export async function fileThumbnail(bytes: Uint8Array, side: number): Promise<Uint8Array> {
  const { default: sharp } = await import("sharp");
  return sharp(bytes)
    .resize({ width: side, height: side, fit: "inside", withoutEnlargement: true })
    .jpeg({ quality: JPEG_QUALITY })
    .toBuffer();
}

/** A grey PNG of 8 or 16 bits within `side` x `side` pixels as one of 8 bits. Linear: other kernels overshoot. */
export async function greyThumbnail(bytes: Uint8Array, side: number): Promise<Uint8Array> {
  const { default: sharp } = await import("sharp");
  return sharp(bytes)
    .resize({ width: side, height: side, fit: "inside", withoutEnlargement: true, kernel: "linear" })
    .toColourspace("b-w")
    .png({ compressionLevel: 9 })
    .toBuffer();
}
