/** @file Reads a picture in a page or a worker, without sending it anywhere: the pixels that gradlens/node reads. */

import { checkDicomOptions, type DicomOptions, type DicomView } from "../dicom/options.js";
import { GradlensError } from "../errors.js";
import { withoutAlpha, type Picture } from "../image/picture.js";
import { checkPixels, pixelLimit } from "../image/pixel-limit.js";
import { opencvRgb } from "../picture-file/opencv-samples.js";
import { pictureKind, SUPPORTED_PICTURES, type RasterKind } from "../picture-file/picture-kinds.js";
import { readPng } from "../picture-file/png-reader.js";
import { levelsOf, rangeOf, type SixteenBits } from "../picture-file/sixteen-bits.js";
import type { DicomDecoders } from "./dicom-codecs.js";
import { inflate } from "./inflate.js";
import { readDicom } from "./read-dicom.js";
import { phrase, say, translated } from "../language/say.js";

/** `frame` is for DICOM files, `window` for these and PNGs of 16 bits. Both are refused for other files. */
export interface WebPictureOptions extends DicomOptions {
  /** The picture's name in messages. Default: the File's name, or "the picture". */
  readonly name?: string;
  /** A picture of more pixels is refused before it is decoded. Default 2^28, at most 2^30. */
  readonly maxPixels?: number;
  /** For JPEG-LS and JPEG 2000 inside DICOM files (docs/DICOM.md). */
  readonly decoders?: DicomDecoders;
}

/** A picture, and how it was read from its file. */
export interface WebPicture extends Picture {
  readonly dicom?: DicomView;
  readonly sixteenBits?: SixteenBits;
}

const SAVE = phrase`save it as a PNG`;

/**
 * Reads 8-bit RGB: PNG by its own decoder; JPEG, WebP, GIF and AVIF by the browser's; DICOM frames as `readDicom` does.
 * EXIF orientation is applied, colour profiles are ignored. A PNG loses its alpha; transparent parts of other kinds become
 * black. 16 bits are reduced to 8, or become floats 0..1 with a window.
 * @throws GradlensError "bad-picture" for an unreadable file, "bad-argument" for an invalid limit, frame or window
 */
export async function readPicture(
  from: Blob | Uint8Array,
  options: WebPictureOptions = {},
): Promise<WebPicture> {
  checkDicomOptions(options);
  const name =
    options.name ?? (from instanceof Blob && "name" in from ? String(from.name) : say`the picture`);
  const limit = pixelLimit(options.maxPixels);
  const bytes =
    from instanceof Uint8Array ? (from as Uint8Array<ArrayBuffer>) : new Uint8Array(await from.arrayBuffer());
  const kind = kindOf(bytes, name);
  if (kind === "DICOM") return readDicom(bytes, { ...options, name });
  if (options.frame !== undefined)
    throw problem(say`${name} is a ${kind}: a frame (--frame, frame) is for DICOM files`);
  if (kind === "PNG") return fromPng(bytes, options, name, limit);
  if (options.window !== undefined) throw windowless(name, kind);
  return byBrowser(bytes, kind, name, limit);
}

const problem = (message: string): GradlensError => new GradlensError("bad-picture", message);

const windowless = (name: string, kind: RasterKind): GradlensError =>
  problem(
    say`${name} is a ${kind} of 8 bits: a window (--window, window) is for DICOM files and PNGs of 16 bits`,
  );

function kindOf(bytes: Uint8Array, name: string): Exclude<RasterKind, "TIFF"> | "DICOM" {
  if (bytes.length === 0) throw problem(say`${name} is empty: copy or download it again`);
  const found = pictureKind(bytes);
  if (!("kind" in found))
    throw problem(
      say`${name} is ${translated(found.looksLike)}, which is not supported (${translated(SUPPORTED_PICTURES)} are)`,
    );
  if (found.kind === "TIFF")
    throw problem(say`${name} is a TIFF, which browsers do not read; ${translated(SAVE)}`);
  return found.kind;
}

async function fromPng(
  bytes: Uint8Array<ArrayBuffer>,
  { window }: DicomOptions,
  name: string,
  limit: number,
): Promise<WebPicture> {
  const { data, ...size } = await readPng(bytes, name, inflate, (one) => checkPixels(one, limit, name));
  const { width, height, channels } = size;
  if (window !== undefined) {
    if (data instanceof Uint8Array) throw windowless(name, "PNG");
    const { windowed16 } = await import("../picture-file/windowed.js");
    return { ...windowed16(data, window), ...size };
  }
  const rgb = opencvRgb({ kind: "PNG", data, channels, cmyk: false });
  const picture = { data: rgb, width, height, channels: 3 as const };
  if (data instanceof Uint8Array) return picture;
  return { ...picture, sixteenBits: { ...rangeOf(data), levels: levelsOf(rgb) } };
}

async function byBrowser(
  bytes: Uint8Array<ArrayBuffer>,
  kind: RasterKind,
  name: string,
  limit: number,
): Promise<Picture> {
  const blob = new Blob([bytes], { type: `image/${kind.toLowerCase()}` });
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: "none" }).catch(() => {
    throw problem(
      say`${name}: this browser cannot decode this ${kind}; it may be damaged, or ${translated(SAVE)}`,
    );
  });
  try {
    checkPixels(bitmap, limit, name);
    return pictureOf(bitmap);
  } finally {
    bitmap.close();
  }
}

/** The pixels of a decoded picture or a video frame, as 8-bit RGB. */
export function pictureOf(bitmap: ImageBitmap): Picture {
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true })!;
  context.drawImage(bitmap, 0, 0);
  return withoutAlpha(context.getImageData(0, 0, width, height));
}
