/** @file How a DICOM file's pixels are coded, by its transfer syntax UID (PS3.6 table A-1, PS3.5 annex A). */

import { problem } from "./problem.js";

export type Coding = "native" | "rle" | Codec;

/** A coding that a host decodes; of JPEG, 8 bits that are not lossless. */
export type Codec = "jpeg" | "jpeg-ls" | "jpeg-2000";

export const IMPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2";
export const EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";

const CODINGS: Readonly<Record<string, Coding>> = {
  [IMPLICIT_LITTLE_ENDIAN]: "native",
  [EXPLICIT_LITTLE_ENDIAN]: "native",
  "1.2.840.10008.1.2.1.99": "native",
  "1.2.840.10008.1.2.2": "native",
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

/** What there is besides, so that the message can name it. */
const REFUSED: readonly [RegExp, string][] = [
  [/^1\.2\.840\.10008\.1\.2\.4\.10[0-8](\.1)?$/, "holds an MPEG video"],
  [/^1\.2\.840\.10008\.1\.2\.4\.11[0-2]$/, "holds JPEG XL pixels"],
  [/^1\.2\.840\.10008\.1\.2\.8\.1$/, "holds frames deflated one by one"],
  [/^1\.2\.840\.10008\.1\.2\.4\.9[2-5]$/, "holds JPEG 2000 pixels of several components, or from a server"],
  [/^1\.2\.840\.10008\.1\.2\.4\.5[235689]$|4\.6\d$/, "holds JPEG pixels of a retired kind"],
];

/** @throws GradlensError "bad-picture" for a coding that is not decoded here */
export function codingOf(transferSyntax: string): Coding {
  const coding = Object.hasOwn(CODINGS, transferSyntax) ? CODINGS[transferSyntax] : undefined;
  if (coding !== undefined) return coding;
  const what = REFUSED.find(([uid]) => uid.test(transferSyntax))?.[1];
  throw problem(
    `${what ?? "codes its pixels in a way of its own (its transfer syntax is none of DICOM's)"}: save it as Explicit VR Little Endian`,
  );
}
