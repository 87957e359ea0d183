/**
 * @file Reads PNG files to their own samples of 8 or 16 bits, which a browser's canvas would change: it keeps 8 bits, and multiplies
 * colours by their alpha.
 */

import { GradlensError } from "../errors.js";
import type { Size } from "../image/picture.js";
import { say } from "../language/say.js";
import { HEADER_END, readChunks, readHeader, type PngChunks } from "./png-chunks.js";
import { passesOf, unfilter } from "./png-rows.js";
import { samplesOf, type PngValues } from "./png-samples.js";

/** Samples as stored, without alpha; palettes and grey of 1, 2 and 4 bits as RGB of 8 bits. */
export type PngSamples = Size & PngValues;

/** The first bytes of a zlib stream in parts, as many as requested. Fails if the stream is shorter. */
export type Inflate = (
  packed: readonly Uint8Array<ArrayBuffer>[],
  length: number,
) => Promise<Uint8Array<ArrayBuffer>>;

/** Deflate packs no more: a longer picture is cut off, and gets no memory. */
const MOST_PACKING = 1032;

/**
 * @param check refuses a size before its pixels are unpacked
 * @throws GradlensError "bad-picture"
 */
export async function readPng(
  bytes: Uint8Array<ArrayBuffer>,
  name: string,
  inflate: Inflate,
  check: (size: Size) => void,
): Promise<PngSamples> {
  const problem = (what: string, cause?: unknown): GradlensError =>
    new GradlensError("bad-picture", say`${name}: this PNG cannot be decoded (${what}); save it again`, {
      cause,
    });
  if (bytes.length < HEADER_END) throw problem(say`it is cut off`);
  const header = readHeader(bytes);
  if (header) check(header);
  const chunks = header && readChunks(bytes, header);
  const samples =
    chunks &&
    (await unpacked(chunks, inflate).catch((error: unknown) => {
      throw problem(say`it is cut off or damaged`, error);
    }));
  if (samples === undefined) throw problem(say`it is cut off or damaged`);
  return samples;
}

/** Undefined for a damaged picture. */
async function unpacked(png: PngChunks, inflate: Inflate): Promise<PngSamples | undefined> {
  const { passes, bytes } = passesOf(png);
  const packed = png.packed.reduce((sum, part) => sum + part.length, 0);
  if (bytes > packed * MOST_PACKING) return undefined;
  const rows = await inflate(png.packed, bytes);
  if (!passes.every((pass) => unfilter(rows, png, pass))) return undefined;
  const samples = samplesOf(png, passes, rows);
  return samples && { width: png.width, height: png.height, ...samples };
}
