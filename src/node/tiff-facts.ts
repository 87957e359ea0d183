/** @file Facts of a TIFF that the decoder does not report: its alpha, its coding, whether it is complete. */

import type { TiffTags } from "./tiff-tags.js";
import { phrase, say, translated } from "../language/say.js";

/** Values of ExtraSamples (TIFF 6.0, section 18) for an alpha. */
const ASSOCIATED = 1;
const UNASSOCIATED = 2;

/** True if the first page's first extra channel is an alpha (ExtraSamples). */
export function tiffHasAlpha({ extraSamples }: TiffTags): boolean {
  return extraSamples?.[0] === ASSOCIATED || extraSamples?.[0] === UNASSOCIATED;
}

/** Codings that the decoder lacks, by the value of Compression. */
const COMPRESSIONS: Readonly<Record<number, string>> = {
  6: phrase`JPEG compression of the old kind`,
  22610: phrase`JPEG XR compression`,
  32766: phrase`NeXT compression`,
  32809: phrase`ThunderScan compression`,
  33003: phrase`JPEG 2000 compression`,
  33004: phrase`JPEG 2000 compression`,
  33005: phrase`JPEG 2000 compression`,
  34661: phrase`JBIG compression`,
  34676: phrase`SGI log compression`,
  34677: phrase`SGI log compression`,
  34712: phrase`JPEG 2000 compression`,
  34887: phrase`LERC compression`,
  34892: phrase`lossy JPEG compression of DNG`,
  34925: phrase`LZMA compression`,
  34926: phrase`ZSTD compression`,
  34933: phrase`PNG compression`,
  34934: phrase`JPEG XR compression`,
  48124: phrase`Jetraw compression`,
  50000: phrase`ZSTD compression`,
  50002: phrase`JPEG XL compression`,
  50013: phrase`PixTIFF compression`,
  52546: phrase`JPEG XL compression`,
};

/** Compressions that hold JPEGs; the decoder knows their colours. */
const JPEG = [6, 7];

/** Colours that are not converted to RGB, by the value of PhotometricInterpretation. */
const COLOURS: Readonly<Record<number, string>> = {
  4: phrase`a transparency mask`,
  8: phrase`CIE L*a*b* colours`,
  9: phrase`ICC L*a*b* colours`,
  10: phrase`ITU L*a*b* colours`,
  32803: phrase`a camera's raw mosaic`,
  32844: phrase`logarithmic luminance`,
  32845: phrase`logarithmic colours`,
  34892: phrase`a camera's raw colours`,
};

const YCBCR = 6;
const PLAIN_YCBCR = phrase`YCbCr colours that are not compressed as JPEG`;

/** PlanarConfiguration: one plane for each sample of a pixel. */
const PLANES = 2;

/** The names of SampleFormat's values other than unsigned integers. */
const FORMATS: Readonly<Record<number, string>> = {
  2: "signed",
  3: "float",
  5: phrase`complex integer`,
  6: "complex",
};

const KNOWN_BITS = [1, 2, 4, 8, 16];

/** The unusual features of a TIFF, in words that follow "holds". */
export function tiffOddities(tags: TiffTags): string[] {
  const { compression: [compression = 1] = [], photometric: [photometric = 0] = [] } = tags;
  const { bits: [bits = 1] = [], samples: [samples = 1] = [], sampleFormat: [format = 1] = [] } = tags;
  const signed = FORMATS[format];
  const phrases = [
    COMPRESSIONS[compression],
    COLOURS[photometric],
    isPlainYcbcr(tags) ? PLAIN_YCBCR : undefined,
  ];
  return [
    ...phrases.map((one) => one && translated(one)),
    signed !== undefined || !KNOWN_BITS.includes(bits)
      ? say`${signed === undefined ? "" : `${translated(signed)} `}samples of ${bits} bits`
      : undefined,
    samples > 4 ? say`${samples} samples a pixel` : undefined,
  ].filter((one) => one !== undefined);
}

/** The feature for which the decoder's pixels differ from libtiff's, in words after "holds"; undefined if they agree. */
export function misread(tags: TiffTags): string | undefined {
  if (isPlainYcbcr(tags)) return translated(PLAIN_YCBCR);
  const { photometric: [photometric = 0] = [], samples: [samples = 1] = [] } = tags;
  if (samples === 1 || photometric > 1) return undefined;
  // The decoder divides by such an alpha, and mixes planes.
  if (tags.extraSamples?.[0] === ASSOCIATED) return say`grey samples multiplied by an alpha`;
  return tags.planar?.[0] === PLANES ? say`${samples} planes of grey samples` : undefined;
}

/** The decoder reads such samples as RGB. */
const isPlainYcbcr = ({ compression, photometric }: TiffTags): boolean =>
  photometric?.[0] === YCBCR && !JPEG.includes(compression?.[0] ?? 1);

/** True if the first page or its pixels lie beyond the file's end, or it has fewer tiles than its size needs. */
export function isTiffCutOff(tags: TiffTags, bytes: number): boolean {
  const offsets = tags.tileOffsets ?? tags.stripOffsets;
  if (offsets === undefined) return true;
  const lengths = tags.tileBytes ?? tags.stripBytes;
  if (offsets.some((offset, i) => offset + (lengths?.[i] ?? 0) > bytes)) return true;
  return tags.tileOffsets !== undefined && tags.tileOffsets.length < tilesOf(tags);
}

/** The number of tiles for a picture of this size. */
function tilesOf({ width, height, tileWidth, tileHeight, planar, samples }: TiffTags): number {
  const across = (whole: readonly number[] | undefined, part: readonly number[] | undefined): number =>
    Math.ceil((whole?.[0] ?? 0) / Math.max(part?.[0] ?? Infinity, 1));
  const planes = planar?.[0] === PLANES ? (samples?.[0] ?? 1) : 1;
  return across(width, tileWidth) * across(height, tileHeight) * planes;
}
