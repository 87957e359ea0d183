/** @file Reads the elements of a DICOM file with dicom-parser, with or without the preamble of PS3.10. */

import dicomParser, { type DataSet, type Element } from "dicom-parser";
import { GradlensError } from "../errors.js";
import { inflateFrom } from "./inflate.js";
import { joined } from "./joined.js";
import { problem } from "./problem.js";
import { DICOM_HEAD, hasDicomMark, MARK } from "./recognise.js";
import { EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN } from "./transfer-syntaxes.js";
import { say } from "../language/say.js";

/** The elements that gradlens reads, as dicom-parser writes their tags. */
export const TAGS = {
  transferSyntax: "x00020010",
  mediaStorageClass: "x00020002",
  samplesPerPixel: "x00280002",
  photometric: "x00280004",
  planar: "x00280006",
  frames: "x00280008",
  rows: "x00280010",
  columns: "x00280011",
  bitsAllocated: "x00280100",
  bitsStored: "x00280101",
  highBit: "x00280102",
  signed: "x00280103",
  padding: "x00280120",
  paddingLimit: "x00280121",
  windowCenter: "x00281050",
  windowWidth: "x00281051",
  windowFunction: "x00281056",
  rescaleIntercept: "x00281052",
  rescaleSlope: "x00281053",
  modalityLuts: "x00283000",
  lutDescriptor: "x00283002",
  lutData: "x00283006",
  voiLuts: "x00283010",
  redDescriptor: "x00281101",
  greenDescriptor: "x00281102",
  blueDescriptor: "x00281103",
  redData: "x00281201",
  greenData: "x00281202",
  blueData: "x00281203",
  redSegments: "x00281221",
  greenSegments: "x00281222",
  blueSegments: "x00281223",
  frameVoi: "x00289132",
  frameRescale: "x00289145",
  sharedGroups: "x52009229",
  frameGroups: "x52009230",
  extendedOffsets: "x7fe00001",
  floatPixels: "x7fe00008",
  doublePixels: "x7fe00009",
  pixels: "x7fe00010",
} as const;

export type Tag = (typeof TAGS)[keyof typeof TAGS];

/** Implicit files do not state which elements are sequences. */
const SEQUENCES = new Set<string>([
  TAGS.modalityLuts,
  TAGS.voiLuts,
  TAGS.frameVoi,
  TAGS.frameRescale,
  TAGS.sharedGroups,
  TAGS.frameGroups,
]);

const DICOMDIR = "1.2.840.10008.1.3.10";

/** The file's elements, and its transfer syntax. @throws GradlensError "bad-picture" */
export function readDataSet(bytes: Uint8Array): { data: DataSet; transferSyntax: string } {
  const { file, raw } = withPreamble(withKnownVrs(bytes));
  const data = parsed(file, raw);
  const transferSyntax = raw ?? textOf(data, TAGS.transferSyntax);
  if (textOf(data, TAGS.mediaStorageClass) === DICOMDIR) {
    throw problem(say`is a DICOMDIR: a list of other files, without a picture`);
  }
  if (transferSyntax === undefined) throw problem(say`does not say how it is coded (no transfer syntax)`);
  return { data, transferSyntax };
}

/**
 * dicom-parser 1.8 does not know the VR "OV" of Extended Offset Tables (7FE0,0001 and 0002). OV is laid out as OB is, so the
 * parser gets a copy that says OB.
 */
function withKnownVrs(bytes: Uint8Array): Uint8Array {
  const places: number[] = [];
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== 0xe0 || bytes[at + 1] !== 0x7f) continue;
    const head = String.fromCharCode(...bytes.subarray(at, at + 8));
    if (head === "\xe0\x7f\x01\0OV\0\0" || head === "\xe0\x7f\x02\0OV\0\0") places.push(at + 5);
  }
  if (places.length === 0) return bytes;
  const copy = new Uint8Array(bytes);
  for (const place of places) copy[place] = "B".charCodeAt(0);
  return copy;
}

/** dicom-parser needs a preamble, or a `raw` transfer syntax for a bare data set. */
function withPreamble(bytes: Uint8Array): { file: Uint8Array; raw?: string } {
  if (hasDicomMark(bytes)) return { file: bytes };
  if (bytes[0] === 2) return { file: joined([new Uint8Array(DICOM_HEAD - MARK.length), MARK, bytes]) };
  const explicit = /^[A-Z]{2}$/.test(String.fromCharCode(...bytes.subarray(4, 6)));
  return { file: bytes, raw: explicit ? EXPLICIT_LITTLE_ENDIAN : IMPLICIT_LITTLE_ENDIAN };
}

function parsed(file: Uint8Array, raw: string | undefined): DataSet {
  try {
    return dicomParser.parseDicom(file, {
      ...(raw !== undefined && { TransferSyntaxUID: raw }),
      inflater: inflateFrom,
      vrCallback: (tag: string) => (SEQUENCES.has(tag) ? "SQ" : undefined),
    });
  } catch (thrown) {
    // No cause: dicom-parser may throw an object that holds everything it has read.
    const inner: unknown = (thrown as { exception?: unknown } | null)?.exception ?? thrown;
    if (inner instanceof GradlensError) throw inner;
    throw problem(say`cannot be read: it may be cut off or damaged`);
  }
}

/** A text without its padding; undefined if it is missing or empty. */
export function textOf(data: DataSet, tag: Tag): string | undefined {
  const text = elementOf(data, tag) && data.string(tag, 0);
  // PS3.5 pads with spaces; many writers pad with zero bytes.
  return text?.replace(/[\0\s]+$/, "").trim() || undefined;
}

/** An unsigned 16-bit number. */
export function uint16Of(data: DataSet, tag: Tag, index = 0): number | undefined {
  const element = elementOf(data, tag);
  return element && element.length >= 2 * (index + 1) ? data.uint16(tag, index) : undefined;
}

/** A decimal text as a number (VR DS and IS). @throws GradlensError "bad-picture" for any other text */
export function numberOf(data: DataSet, tag: Tag, what: string): number | undefined {
  const text = textOf(data, tag);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isFinite(value)) return value;
  throw problem(say`has a ${what} that is not a number`);
}

/** The data sets of a sequence. */
export function itemsOf(data: DataSet, tag: Tag): DataSet[] {
  return elementOf(data, tag)?.items?.flatMap((item) => item.dataSet ?? []) ?? [];
}

/** An element with a value. @throws GradlensError "bad-picture" if its bytes are cut off */
export function elementOf(data: DataSet, tag: Tag): Element | undefined {
  const element = data.elements[tag];
  if (element === undefined || element.length === 0) return undefined;
  if (element.dataOffset + element.length > data.byteArray.length) throw problem(say`is cut off`);
  return element;
}

export function bytesOf(data: DataSet, element: Element): Uint8Array {
  return data.byteArray.subarray(element.dataOffset, element.dataOffset + element.length);
}
