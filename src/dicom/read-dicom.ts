/** @file Reads a frame of a DICOM file as a picture: grey as floats of 0..1 through a window, colours as 8-bit RGB. */

import { GradlensError } from "../errors.js";
import type { Picture, Size } from "../image/picture.js";
import type { DataSet } from "dicom-parser";
import type { CodecRequest, DecodeFrame } from "./codecs.js";
import { checkStream, streamFacts } from "./codestream.js";
import { paletteToRgb, spread422, toBytes, ybrToRgb } from "./colours.js";
import { readDataSet } from "./data-set.js";
import { encapsulatedFrame, nativeFrame } from "./frame-bytes.js";
import { readFacts, type ImageFacts } from "./image-facts.js";
import { decodeJpeg, LOSSLESS } from "./jpeg/decode.js";
import { layersOf, rescaleOf, type Rescale } from "./modality.js";
import type { DicomOptions, DicomView } from "./options.js";
import { problem } from "./problem.js";
import { decodeRle } from "./rle.js";
import { interleaved, storedBits, wordsOf, type StoredValues } from "./stored-values.js";
import { BIG_ENDIAN, codingOf, type Coding } from "./transfer-syntaxes.js";
import { windowed } from "./window.js";
import { say } from "../language/say.js";

/** Stored values. `rgb`: coloured ones are RGB, whatever the file's photometric interpretation. */
interface Frame {
  readonly values: StoredValues;
  readonly rgb: boolean;
}

/**
 * Reads one frame. `checkSize` may refuse a size before anything is decoded.
 * @throws GradlensError "bad-picture" for an unreadable file, frame or window; the message lacks the picture's name
 */
export async function readDicom(
  bytes: Uint8Array,
  { frame = 1, window }: DicomOptions,
  decode: DecodeFrame,
  checkSize: (size: Size) => void,
): Promise<{ picture: Picture; view: DicomView }> {
  const { data, transferSyntax } = readDataSet(bytes);
  const coding = codingOf(transferSyntax);
  const facts = readFacts(data, transferSyntax === BIG_ENDIAN);
  const { width, height, frames, photometric, signed } = facts;
  checkSize(facts);
  if (frame > frames) {
    throw problem(
      say`has ${frames === 1 ? say`one frame` : say`${frames} frames`}: there is no frame ${frame}`,
    );
  }
  const index = frame - 1;
  const grey = photometric.startsWith("MONOCHROME");
  if (window !== undefined && !grey) throw problem(say`is coloured: a window (--window) is for grey values`);
  const { values, rgb } = await valuesOf(data, facts, coding, index, decode);
  const size = { width, height };
  if (!grey) {
    return {
      picture: { data: toRgb(values, data, facts, rgb), ...size, channels: 3 },
      view: { frame, frames },
    };
  }
  const layers = layersOf(data, index);
  const rescale = rescaleOf(layers, signed);
  const shown = windowed(values, rescale, layers, window, () => rangeOf(values, rescale, facts.padding));
  if (photometric === "MONOCHROME1")
    for (let i = 0; i < shown.data.length; i++) shown.data[i] = 1 - shown.data[i]!;
  return {
    picture: { data: shown.data, ...size, channels: 1 },
    view: { frame, frames, window: shown.used },
  };
}

async function valuesOf(
  data: DataSet,
  facts: ImageFacts,
  coding: Coding,
  index: number,
  decode: DecodeFrame,
): Promise<Frame> {
  const { width, height, samples, planar, photometric, frames } = facts;
  const pixels = width * height;
  if (coding === "native") {
    const { bytes, bit } = nativeFrame(data, facts, index);
    if (photometric === "YBR_FULL_422") {
      if (width % 2 === 1) throw problem(say`is ${width} pixels wide, which YBR_FULL_422 cannot be`);
      return { values: spread422(wordsOf(bytes, bit, 2 * pixels, facts)), rgb: false };
    }
    const words = wordsOf(bytes, bit, samples * pixels, facts);
    return { values: planar ? interleaved(words, samples) : words, rgb: false };
  }
  const stream = encapsulatedFrame(data, frames, index);
  if (facts.float || facts.bitsAllocated === 1) {
    const kind = facts.float ? "floats" : say`1 bit`;
    throw problem(
      say`has compressed pixels of ${kind}, which are not supported: save it as Explicit VR Little Endian`,
    );
  }
  if (coding === "rle") {
    const bytes = decodeRle(stream, pixels, samples, facts.bitsAllocated / 8);
    return { values: wordsOf(bytes, 0, samples * pixels, facts), rgb: false };
  }
  const said = streamFacts(stream);
  if (said.width !== width || said.height !== height || said.components !== samples) {
    throw problem(
      say`states ${width}x${height} pixels of ${samples} samples, but its compressed pixels are ${said.width}x${said.height} of ${said.components}: save it again`,
    );
  }
  checkStream(coding, stream, width, height);
  // sharp's libjpeg supports neither lossless JPEG nor more than 8 bits.
  const own = coding === "jpeg" && (said.marker === LOSSLESS || said.bits > 8);
  const decoded = own
    ? decodeJpeg(stream)
    : await byHost(decode, { codec: coding, bytes: stream, ...said, rgb: photometric === "RGB" });
  if (decoded.length !== pixels * samples) {
    throw problem(say`has compressed pixels that do not fill the picture`);
  }
  const bitsStored = Math.min(facts.bitsStored, said.bits);
  return {
    values: storedBits(new Int32Array(decoded), { ...facts, bitsStored, shift: 0 }),
    rgb: (coding === "jpeg" && !own) || /^YBR_[IR]CT$/.test(photometric),
  };
}

/** Replaces a decoder's own message, which does not help the user. */
async function byHost(decode: DecodeFrame, request: CodecRequest): Promise<ArrayLike<number>> {
  try {
    return await decode(request);
  } catch (error) {
    if (error instanceof GradlensError) throw error;
    throw problem(say`has compressed pixels that cannot be decoded: it may be cut off or damaged`);
  }
}

function toRgb(
  values: StoredValues,
  data: DataSet,
  { photometric, bitsStored, signed }: ImageFacts,
  rgb: boolean,
): Uint8Array {
  if (photometric === "PALETTE COLOR") return paletteToRgb(values, data, signed);
  const bytes = toBytes(values, bitsStored);
  return rgb || photometric === "RGB" ? bytes : ybrToRgb(bytes);
}

/** The least and greatest rescaled value without padding; with it if the frame holds nothing else. */
function rangeOf(
  values: StoredValues,
  rescale: Rescale,
  padding: ImageFacts["padding"],
): readonly [number, number] {
  const [from, to] = padding ?? [Infinity, -Infinity];
  let least = Infinity;
  let greatest = -Infinity;
  for (const stored of values) {
    if (stored >= from && stored <= to) continue;
    const value = rescale(stored);
    if (!Number.isFinite(value)) continue;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  if (least <= greatest) return [least, greatest];
  return padding === undefined ? [0, 0] : rangeOf(values, rescale, undefined);
}
