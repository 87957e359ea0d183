/**
 * @file Reads a picture from a file or from bytes: to 8-bit RGB, pixel for pixel as cv2.imread(path, 1) does; DICOM files by
 * src/dicom.
 */

import { readFile } from "node:fs/promises";
import type { Metadata, Sharp, SharpOptions } from "sharp";
import { checkDicomOptions, type DicomOptions, type DicomView } from "../dicom/options.js";
import { GradlensError } from "../errors.js";
import type { Picture } from "../image/picture.js";
import { checkPixels, DEFAULT_MAX_PIXELS, pixelLimit } from "../image/pixel-limit.js";
import { fileProblem } from "./file-problem.js";
import { opencvRgb } from "./opencv-samples.js";
import { tiffHasAlpha } from "./tiff-alpha.js";
import { pictureKind, SUPPORTED_PICTURES, type PictureKind, type RasterKind } from "./picture-kinds.js";

/** The last two are for DICOM files, and refused with others. */
export interface ReadPictureOptions extends DicomOptions {
  /** What messages call the picture. Default: the path, or "the picture". */
  readonly name?: string;
  /** A picture of more pixels is refused before it is decoded. Default 2^28, at most 2^30. */
  readonly maxPixels?: number;
}

/** A picture, and how it was made where its file leaves a choice. */
export interface ReadPicture extends Picture {
  /** Of DICOM files. */
  readonly dicom?: DicomView;
}

/**
 * Reads a PNG, JPEG, WebP or TIFF (its first page) as 8-bit RGB: EXIF orientation applied, ICC profiles ignored, alpha
 * dropped (TIFF's colours multiplied by it), palettes and grey made RGB, 16 bits reduced to 8. A frame of a DICOM file
 * becomes 8-bit RGB too, or one channel of floats 0..1 where it is grey (docs/DICOM.md).
 * Throws `bad-picture` with one line for whatever cannot be read, `bad-argument` for a senseless limit, frame or window.
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
  if (options.frame !== undefined || options.window !== undefined) {
    throw new GradlensError(
      "bad-picture",
      `${name} is a ${kind}: a frame and a window (--frame, --window) are for DICOM files`,
    );
  }
  const { default: sharp } = await import("sharp");
  const open = (more: SharpOptions = {}): Sharp =>
    sharp(bytes, {
      failOn: "error",
      limitInputPixels: false,
      unlimited: limit > DEFAULT_MAX_PIXELS,
      ...more,
    });
  try {
    const metadata = await open().metadata();
    checkPixels(metadata, limit, name);
    checkSamples(metadata, kind, name);
    return await decode(open({ ignoreIcc: true }), metadata, kind, alphaCounts(metadata, kind, bytes));
  } catch (error) {
    if (error instanceof GradlensError) throw error;
    const why = decoderWords(error);
    throw new GradlensError(
      "bad-picture",
      `${name}: this ${kind} cannot be decoded (${why}): it may be cut off or damaged; save it again`,
      {
        cause: error,
      },
    );
  }
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

/** What libvips calls the cause: its last line, without the decoder's name (the lines before are warnings). */
function decoderWords(error: unknown): string {
  const last = (error as Error).message.trim().split("\n").at(-1)!.trim();
  const words = last.replace(/^Input buffer has corrupt header:\s*/, "").replace(/^\w+: /, "");
  return /^$|unsupported image format|^Unknown error/.test(words) ? "its header makes no sense" : words;
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

/** Refuses samples for which there is no agreed way to 8 bits: floats (OpenCV refuses them too), Lab, many bands. */
function checkSamples({ depth, space }: Metadata, kind: RasterKind, name: string): void {
  const known = depth === "uchar" ? ["srgb", "b-w", "cmyk"] : depth === "ushort" ? ["rgb16", "grey16"] : [];
  if (known.includes(space)) return;
  throw new GradlensError(
    "bad-picture",
    `${name}: this ${kind} holds ${depth} samples in the colour space ${space}; save it with 8 or 16 bits, grey or RGB`,
  );
}

/** OpenCV drops every alpha but that of a coloured TIFF: libtiff multiplies the colours by it. */
function alphaCounts({ space, channels }: Metadata, kind: RasterKind, bytes: Uint8Array): boolean {
  return kind === "TIFF" && channels === 4 && space !== "cmyk" && tiffHasAlpha(bytes);
}

async function decode(
  image: Sharp,
  { depth, space }: Metadata,
  kind: RasterKind,
  keepAlpha: boolean,
): Promise<Picture> {
  const deep = depth === "ushort";
  const cmyk = space === "cmyk";
  let oriented = image.autoOrient();
  if (!keepAlpha) oriented = oriented.removeAlpha();
  if (cmyk) oriented = oriented.pipelineColourspace("cmyk");
  if (deep || cmyk) oriented = oriented.toColourspace(space);
  const { data, info } = await oriented
    .raw({ depth: deep ? "ushort" : "uchar" })
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  // Plain arrays over sharp's Buffer: a Buffer's slice() is not an array's.
  const samples = deep
    ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2)
    : new Uint8Array(data.buffer, data.byteOffset, data.length);
  const rgb = opencvRgb({ kind, data: samples, channels: info.channels, cmyk });
  return { data: rgb, width, height, channels: 3 };
}
