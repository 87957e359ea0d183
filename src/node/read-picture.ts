/** @file Reads a picture from a file or from bytes: DICOM files by src/dicom, all others by read-raster.ts. */

import { readFile } from "node:fs/promises";
import { checkDicomOptions, type DicomOptions, type DicomView } from "../dicom/options.js";
import { badPicture } from "../errors.js";
import { pixelLimit } from "../image/pixel-limit.js";
import { fileProblem } from "./file-problem.js";
import { pictureKind, SUPPORTED_PICTURES, type PictureKind } from "../picture-file/picture-kinds.js";
import { readRaster, type RasterPicture } from "./read-raster.js";
import { say, translated } from "../language/say.js";

/** `frame` is for DICOM files, `window` for these and pictures of 16 bits. Both are refused for other files. */
export interface ReadPictureOptions extends DicomOptions {
  /** The name in messages. Default: the path, or "the picture". */
  readonly name?: string;
  /** The most pixels; larger pictures are refused before decoding. Default 2^28, at most 2^30. */
  readonly maxPixels?: number;
}

/** A picture, and how it was made from its file. */
export interface ReadPicture extends RasterPicture {
  /** For DICOM files. */
  readonly dicom?: DicomView;
}

/**
 * Reads a PNG, JPEG, WebP, GIF, TIFF or AVIF (its first page) as 8-bit RGB. EXIF orientation is applied, ICC profiles are ignored,
 * alpha is dropped (a TIFF's colours are multiplied by it). Palettes and grey become RGB. 16 bits are reduced to 8, or become
 * floats 0..1 with a window. A DICOM frame becomes 8-bit RGB, or one channel of floats 0..1 if it is grey (docs/DICOM.md).
 * @throws GradlensError "bad-picture" for an unreadable file, "bad-argument" for an invalid limit, frame or window
 */
export async function readPicture(
  from: string | URL | Uint8Array,
  options: ReadPictureOptions = {},
): Promise<ReadPicture> {
  checkDicomOptions(options);
  const name = options.name ?? (from instanceof Uint8Array ? say`the picture` : String(from));
  const limit = pixelLimit(options.maxPixels);
  const bytes = from instanceof Uint8Array ? from : await readBytes(from, name);
  const kind = decodableKind(bytes, name);
  if (kind === "DICOM") {
    const [{ readDicomPicture }, { decodeDicomFrame }] = await Promise.all([
      import("../dicom/read-picture.js"),
      import("./dicom-codecs.js"),
    ]);
    return readDicomPicture(bytes, options, name, limit, decodeDicomFrame);
  }
  return readRaster(bytes, kind, options, name, limit);
}

async function readBytes(path: string | URL, name: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw badPicture(say`cannot read the picture ${name}: ${fileProblem(error)}`, { cause: error });
  }
}

function decodableKind(bytes: Uint8Array, name: string): PictureKind {
  if (bytes.length === 0) throw badPicture(say`${name} is empty: copy or download it again`);
  const found = pictureKind(bytes);
  if ("kind" in found) return found.kind;
  throw badPicture(
    say`${name} is ${translated(found.looksLike)}, which is not supported (${translated(SUPPORTED_PICTURES)} are); convert it to PNG`,
  );
}
