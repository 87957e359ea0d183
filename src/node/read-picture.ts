/** @file Reads a picture from a file or from bytes: DICOM files by src/dicom, all others by read-raster.ts. */

import { readFile } from "node:fs/promises";
import { checkDicomOptions, type DicomOptions, type DicomView } from "../dicom/options.js";
import { GradlensError } from "../errors.js";
import { pixelLimit } from "../image/pixel-limit.js";
import { fileProblem } from "./file-problem.js";
import { pictureKind, SUPPORTED_PICTURES, type PictureKind } from "./picture-kinds.js";
import { readRaster, type RasterPicture } from "./read-raster.js";

/** A frame is for DICOM files, a window for these and for pictures of 16 bits; both are refused with others. */
export interface ReadPictureOptions extends DicomOptions {
  /** What messages call the picture. Default: the path, or "the picture". */
  readonly name?: string;
  /** A picture of more pixels is refused before it is decoded. Default 2^28, at most 2^30. */
  readonly maxPixels?: number;
}

/** A picture, and how it was made where its file leaves a choice. */
export interface ReadPicture extends RasterPicture {
  /** Of DICOM files. */
  readonly dicom?: DicomView;
}

/**
 * Reads a PNG, JPEG, WebP, GIF, TIFF or AVIF (its first page) as 8-bit RGB: EXIF orientation applied, ICC profiles ignored,
 * alpha dropped (TIFF's colours multiplied by it), palettes and grey made RGB, 16 bits reduced to 8, or with a window made
 * floats 0..1. A frame of a DICOM file becomes 8-bit RGB too, or one channel of floats 0..1 where it is grey (docs/DICOM.md).
 * @throws GradlensError "bad-picture" with one line for whatever cannot be read, "bad-argument" for a senseless limit, frame or window
 */
export async function readPicture(
  from: string | URL | Uint8Array,
  options: ReadPictureOptions = {},
): Promise<ReadPicture> {
  checkDicomOptions(options);
  const name = options.name ?? (from instanceof Uint8Array ? "the picture" : String(from));
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
    throw new GradlensError("bad-picture", `cannot read the picture ${name}: ${fileProblem(error)}`, {
      cause: error,
    });
  }
}

function decodableKind(bytes: Uint8Array, name: string): PictureKind {
  if (bytes.length === 0) throw new GradlensError("bad-picture", `${name} is empty: not a picture`);
  const found = pictureKind(bytes);
  if ("kind" in found) return found.kind;
  throw new GradlensError(
    "bad-picture",
    `${name} is ${found.looksLike}: pictures can be ${SUPPORTED_PICTURES}; convert it to PNG`,
  );
}
