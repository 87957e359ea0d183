/** @file Marks a JPEG's three components as RGB for the decoder, where only the DICOM file says so. */

import { joined } from "../joined.js";

/** APP14 of 14 bytes: "Adobe", version 100, no flags, transform 0 (no colour transform). */
const SEGMENT = [0xff, 0xee, 0, 14, ...[..."Adobe"].map((char) => char.charCodeAt(0)), 0, 100, 0, 0, 0, 0, 0];

/** The JPEG with Adobe's segment after its first marker. A JPEG that states its own components is left unchanged. */
export function markedAsRgb(bytes: Uint8Array): Uint8Array {
  const head = String.fromCharCode(...bytes.subarray(0, 256));
  if (head.includes("JFIF\0") || head.includes("Adobe")) return bytes;
  return joined([bytes.subarray(0, 2), SEGMENT, bytes.subarray(2)]);
}
