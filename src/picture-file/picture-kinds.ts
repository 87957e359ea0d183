/** @file Finds a picture's kind from its first bytes, never from the file's name. */

import { hasDicomMark, isDicom } from "../dicom/recognise.js";
import { phrase } from "../language/say.js";

/** The kinds that sharp decodes. */
export type RasterKind = "PNG" | "JPEG" | "WebP" | "GIF" | "TIFF" | "AVIF";

/** The supported kinds. */
export type PictureKind = RasterKind | "DICOM";

export const SUPPORTED_PICTURES = phrase`PNG, JPEG, WebP, GIF, TIFF, AVIF and DICOM`;

/** The bytes of a kind at an offset, as Latin-1: any of several. */
type Magic = readonly [offset: number, ...bytes: string[]];

/** The first match counts. */
const DECODED: readonly [RasterKind, Magic][] = [
  ["PNG", [0, "\x89PNG\r\n\x1a\n"]],
  ["JPEG", [0, "\xff\xd8\xff"]],
  ["WebP", [8, "WEBP"]],
  ["GIF", [0, "GIF87a", "GIF89a"]],
  ["AVIF", [4, "ftypavif"]],
  ["TIFF", [0, "II*\0", "MM\0*", "II+\0", "MM\0+"]],
];

/** Other kinds that users may pass, so that the message can name them. A dot is any byte. Files of numbers may be weights. */
const KNOWN: readonly [string, Magic, "numbers"?][] = [
  // The zeros, at 6, are reserved; the size of the file comes before them.
  [phrase`a BMP picture`, [0, "BM....\0\0"]],
  [phrase`an AVIF sequence`, [4, "ftypavis"]],
  [phrase`a HEIC picture`, [4, "ftyphei", "ftyphev"]],
  [phrase`a HEIF picture`, [4, "ftypmif1"]],
  [phrase`a video`, [4, "ftyp"]],
  [phrase`a JPEG 2000 picture`, [0, "\0\0\0\x0cjP  "]],
  [phrase`a JPEG 2000 codestream`, [0, "\xff\x4f\xff\x51"]],
  [phrase`a JPEG XL picture`, [0, "\xff\x0a", "\0\0\0\x0cJXL "]],
  [phrase`a NIfTI file`, [344, "n+1\0"]],
  [phrase`a Photoshop file`, [0, "8BPS"]],
  [phrase`an icon file`, [0, "\0\0\x01\0"]],
  [phrase`an OpenEXR picture`, [0, "\x76\x2f\x31\x01"]],
  [phrase`a Radiance HDR picture`, [0, "#?RADIANCE"]],
  [phrase`a PDF document`, [0, "%PDF"]],
  [phrase`an SVG or XML file`, [0, "<svg", "<?xml"]],
  [phrase`an HTML page`, [0, "<!DOCTYPE html", "<!doctype html", "<html"]],
  [phrase`a NumPy array`, [0, "\x93NUMPY"], "numbers"],
  [phrase`an HDF5 file`, [0, "\x89HDF"], "numbers"],
  [phrase`a zip archive (or a PyTorch checkpoint)`, [0, "PK\x03\x04"], "numbers"],
  [phrase`a gzip archive`, [0, "\x1f\x8b"], "numbers"],
  [phrase`a safetensors file`, [8, '{"'], "numbers"],
  [phrase`a portable anymap (PNM) picture`, [0, "P1", "P2", "P3", "P4", "P5", "P6"]],
];

/** The number of first bytes that decide a file's kind. */
export const PICTURE_HEAD = 352;

/** What bytes are that are no supported picture. */
export interface OtherKind {
  /** As "a BMP picture", or "a file of an unknown kind". */
  readonly looksLike: string;
  readonly mayBeWeights: boolean;
}

/** The kind if it is supported, else a description of the bytes. */
export function pictureKind(bytes: Uint8Array): { readonly kind: PictureKind } | OtherKind {
  const is = ([, [offset, ...magics]]: readonly [string, Magic, ...unknown[]]): boolean =>
    magics.some((magic) =>
      [...magic].every((char, i) => char === "." || bytes[offset + i] === char.charCodeAt(0)),
    );
  // The preamble may make a DICOM file a valid TIFF as well (PS3.10 7.1).
  if (hasDicomMark(bytes)) return { kind: "DICOM" };
  const decoded = DECODED.find(is);
  if (decoded) return { kind: decoded[0] };
  if (isDicom(bytes)) return { kind: "DICOM" };
  const known = KNOWN.find(is);
  if (known === undefined) return { looksLike: phrase`a file of an unknown kind`, mayBeWeights: true };
  return { looksLike: known[0], mayBeWeights: known[2] !== undefined };
}
