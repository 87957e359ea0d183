/** @file Decodes pictures with sharp to the 8-bit RGB of cv2.imread(path, 1); only AVIF differs (docs/DIFFERENCES.md). */

import type { Metadata, Sharp, SharpOptions } from "sharp";
import type { DicomOptions } from "../dicom/options.js";
import { badPicture, GradlensError } from "../errors.js";
import type { Picture } from "../image/picture.js";
import { checkPixels, DEFAULT_MAX_PIXELS } from "../image/pixel-limit.js";
import { gifBackground } from "./gif-background.js";
import { opencvRgb } from "../picture-file/opencv-samples.js";
import type { RasterKind } from "../picture-file/picture-kinds.js";
import { levelsOf, rangeOf, type SixteenBits } from "../picture-file/sixteen-bits.js";
import { windowed16 } from "../picture-file/windowed.js";
import { isTiffCutOff, misread, tiffHasAlpha, tiffOddities } from "./tiff-facts.js";
import { tiffTags, type TiffTags } from "./tiff-tags.js";
import { phrase, say, translated } from "../language/say.js";

/** A picture from a file other than DICOM, and how it was made. */
export interface RasterPicture extends Picture {
  /** For files with 16-bit samples. */
  readonly sixteenBits?: SixteenBits;
  /** For files with several pages, of which this is the first. */
  readonly pages?: number;
}

/** A picture's bytes, and its description in messages. */
interface Raster {
  readonly bytes: Uint8Array;
  readonly kind: RasterKind;
  readonly name: string;
  /** Empty unless the file is a TIFF. */
  readonly tags: TiffTags;
}

/** Reads the first page. @throws GradlensError "bad-picture" for an unreadable file, a frame, or a window without 16 bits */
export async function readRaster(
  bytes: Uint8Array,
  kind: RasterKind,
  { frame, window }: DicomOptions,
  name: string,
  limit: number,
): Promise<RasterPicture> {
  if (frame !== undefined)
    throw problem(say`${name} is a ${kind}: a frame (--frame, frame) is for DICOM files`);
  const { default: sharp } = await import("sharp");
  const open = (more: SharpOptions = {}): Sharp =>
    sharp(bytes, {
      failOn: "error",
      limitInputPixels: false,
      unlimited: limit > DEFAULT_MAX_PIXELS,
      ...more,
    });
  const raster = { bytes, kind, name, tags: kind === "TIFF" ? tiffTags(bytes) : {} };
  if (kind === "TIFF") checkTiff(raster);
  const begin = performance.now();
  let seconds = Infinity;
  try {
    const metadata = await open().metadata();
    checkPixels(metadata, limit, name);
    checkSamples(metadata, raster);
    seconds = patience(metadata);
    const picture = await decode(open({ ignoreIcc: true }).timeout({ seconds }), metadata, raster, window);
    const { pages = 1 } = metadata;
    return { ...picture, ...(pages > 1 && { pages }) };
  } catch (error) {
    if (error instanceof GradlensError) throw error;
    // The decoder reports this too, but behind its warnings and cut off.
    if (performance.now() - begin > seconds * 1000)
      throw problem(
        say`${name}: decoding this ${kind} exceeded the time limit: it may be damaged; save it again`,
        error,
      );
    throw undecodable(raster, error);
  }
}

/** The time limit for decoding, in seconds: many times what valid pictures need. */
const patience = ({ width, height }: Metadata): number => 5 + Math.ceil((width * height) / 2e6);

const problem = (message: string, cause?: unknown): GradlensError =>
  badPicture(message, cause === undefined ? {} : { cause });

const SAVE = phrase`save it as a PNG of 8 or 16 bits, grey or RGB`;

const cutOff = (name: string, cause?: unknown): GradlensError =>
  problem(
    say`${name}: this TIFF is cut off or damaged: its pixels are not all in the file; copy or save it again`,
    cause,
  );

/** Refuses files that the decoder misreads: it makes missing tiles black. */
function checkTiff({ name, tags, bytes }: Raster): void {
  if (tags.tileOffsets !== undefined && isTiffCutOff(tags, bytes.length)) throw cutOff(name);
  const what = misread(tags);
  if (what !== undefined) throw problem(say`${name}: this TIFF holds ${what}; ${translated(SAVE)}`);
}

/** A TIFF may be complete, but in a coding that the decoder lacks. */
function undecodable({ name, kind, tags, bytes }: Raster, error: unknown): GradlensError {
  const what = say`${name}: this ${kind} cannot be decoded`;
  const why = decoderWords(error);
  if (kind !== "TIFF")
    return problem(say`${what} (${why}): it may be cut off or damaged; save it again`, error);
  if (isTiffCutOff(tags, bytes.length)) return cutOff(name, error);
  const oddities = tiffOddities(tags).join(", ");
  return problem(
    oddities === ""
      ? `${what} (${why}); ${translated(SAVE)}`
      : say`${what}: it holds ${oddities}; ${translated(SAVE)}`,
    error,
  );
}

/** The cause as libvips states it: its last line, without the decoder's name. The lines before are warnings. */
function decoderWords(error: unknown): string {
  const last = (error as Error).message.trim().split("\n").at(-1)!.trim();
  const words = last.replace(/^Input buffer has corrupt header:\s*/, "").replace(/^\w+: /, "");
  return /^$|unsupported image format|^Unknown error/.test(words) ? say`its header is invalid` : words;
}

/** Refuses samples without an agreed conversion to 8 bits: floats (OpenCV refuses them too), Lab, many bands. */
function checkSamples({ depth, space }: Metadata, { kind, name, tags }: Raster): void {
  const known = depth === "uchar" ? ["srgb", "b-w", "cmyk"] : depth === "ushort" ? ["rgb16", "grey16"] : [];
  if (known.includes(space) && !(kind === "AVIF" && depth !== "uchar")) return;
  const oddities = tiffOddities(tags).join(", ");
  const what = oddities === "" ? say`${depth} samples in the colour space ${space}` : oddities;
  throw problem(say`${name}: this ${kind} holds ${what}; ${translated(SAVE)}`);
}

/** OpenCV drops every alpha except a coloured TIFF's: libtiff multiplies the colours by it. */
function alphaCounts({ space, channels }: Metadata, { kind, tags }: Raster): boolean {
  return kind === "TIFF" && channels === 4 && ["srgb", "rgb16"].includes(space) && tiffHasAlpha(tags);
}

async function decode(
  image: Sharp,
  metadata: Metadata,
  raster: Raster,
  window: DicomOptions["window"],
): Promise<RasterPicture> {
  const { kind, name, bytes } = raster;
  const { depth, space, hasAlpha, channels: samplesOfPixel } = metadata;
  const isGrey = space === "b-w" || space === "grey16";
  const deep = depth === "ushort";
  const cmyk = space === "cmyk";
  const keepAlpha = alphaCounts(metadata, raster);
  checkWindow(window, deep, keepAlpha, raster);
  let oriented = image.autoOrient();
  if (kind === "GIF" && hasAlpha) oriented = oriented.flatten({ background: gifBackground(bytes) });
  // OpenCV uses the first sample of a grey pixel, whatever the others are.
  else if (isGrey && samplesOfPixel > 1) oriented = oriented.extractChannel(0);
  else if (!keepAlpha) oriented = oriented.removeAlpha();
  if (cmyk) oriented = oriented.pipelineColourspace("cmyk");
  if (deep || cmyk) oriented = oriented.toColourspace(space);
  const { data, info } = await oriented
    .raw({ depth: deep ? "ushort" : "uchar" })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  if (![1, 3, ...(cmyk || keepAlpha ? [4] : [])].includes(channels)) {
    throw problem(
      say`${name}: this ${kind} holds ${channels} samples a pixel; save it as a PNG, grey or RGB`,
    );
  }
  // A plain array, because slice() of sharp's Buffer returns a view.
  const samples = deep
    ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2)
    : new Uint8Array(data.buffer, data.byteOffset, data.length);
  if (window !== undefined && samples instanceof Uint16Array) {
    return { ...windowed16(samples, window), width, height, channels: channels as 1 | 3 };
  }
  const rgb = opencvRgb({ kind, data: samples, channels, cmyk });
  const picture = { data: rgb, width, height, channels: 3 as const };
  if (!(samples instanceof Uint16Array) || keepAlpha) return picture;
  return { ...picture, sixteenBits: { ...rangeOf(samples), levels: levelsOf(rgb) } };
}

function checkWindow(
  window: DicomOptions["window"],
  deep: boolean,
  alpha: boolean,
  { name, kind }: Raster,
): void {
  if (window === undefined || (deep && !alpha)) return;
  const what = deep ? say`${kind} whose colours its alpha multiplies` : say`${kind} of 8 bits`;
  throw problem(
    say`${name} is a ${what}: a window (--window, window) is for DICOM files and pictures of 16 bits without alpha`,
  );
}
