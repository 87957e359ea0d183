/** @file Maps a DICOM file's transfer syntax UID to the coding of its pixels (PS3.6 table A-1, PS3.5 annex A). */

import { problem } from "./problem.js";
import { phrase, say } from "../language/say.js";

export type Coding = "native" | "rle" | Codec;

/** A coding that a host decodes. "jpeg" includes lossless JPEG and 12 bits, which gradlens decodes itself. */
export type Codec = "jpeg" | "jpeg-ls" | "jpeg-2000";

export const IMPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2";
export const EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";
export const BIG_ENDIAN = "1.2.840.10008.1.2.2";

const CODINGS: Readonly<Record<string, Coding>> = {
  [IMPLICIT_LITTLE_ENDIAN]: "native",
  [EXPLICIT_LITTLE_ENDIAN]: "native",
  "1.2.840.10008.1.2.1.99": "native",
  [BIG_ENDIAN]: "native",
  "1.2.840.10008.1.2.5": "rle",
  "1.2.840.10008.1.2.4.50": "jpeg",
  "1.2.840.10008.1.2.4.51": "jpeg",
  "1.2.840.10008.1.2.4.57": "jpeg",
  "1.2.840.10008.1.2.4.70": "jpeg",
  "1.2.840.10008.1.2.4.80": "jpeg-ls",
  "1.2.840.10008.1.2.4.81": "jpeg-ls",
  "1.2.840.10008.1.2.4.90": "jpeg-2000",
  "1.2.840.10008.1.2.4.91": "jpeg-2000",
  "1.2.840.10008.1.2.4.201": "jpeg-2000",
  "1.2.840.10008.1.2.4.202": "jpeg-2000",
  "1.2.840.10008.1.2.4.203": "jpeg-2000",
};

/** Codings that are not supported, for the message. */
const REFUSED: readonly [RegExp, string][] = [
  [/^1\.2\.840\.10008\.1\.2\.4\.10[0-8](\.1)?$/, phrase`holds an MPEG video`],
  [/^1\.2\.840\.10008\.1\.2\.4\.11[0-2]$/, phrase`holds JPEG XL pixels`],
  [/^1\.2\.840\.10008\.1\.2\.8\.1$/, phrase`holds frames deflated one by one`],
  [
    /^1\.2\.840\.10008\.1\.2\.4\.9[2-5]$/,
    phrase`holds JPEG 2000 pixels of several components, or from a server`,
  ],
  [/^1\.2\.840\.10008\.1\.2\.4\.5[235689]$|4\.6\d$/, phrase`holds JPEG pixels in a retired coding`],
];

/** @throws GradlensError "bad-picture" for a coding that is not supported */
export function codingOf(transferSyntax: string): Coding {
  const coding = Object.hasOwn(CODINGS, transferSyntax) ? CODINGS[transferSyntax] : undefined;
  if (coding !== undefined) return coding;
  const what = REFUSED.find(([uid]) => uid.test(transferSyntax))?.[1];
  throw problem(
    say`${what ?? say`has a transfer syntax that DICOM does not define`}: save it as Explicit VR Little Endian`,
  );
}
