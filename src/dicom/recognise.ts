/** @file Recognises a DICOM file by its mark, or by the first elements of a file without the preamble. */

/** The bytes of the preamble and the mark at its end. */
export const DICOM_HEAD = 132;

/** The mark of PS3.10. */
export const MARK = [..."DICM"].map((char) => char.charCodeAt(0));

/** Elements of group 0008 that begin a bare data set: its length, character set, image type, class, instance. */
const FIRST_ELEMENTS = [0x00, 0x01, 0x05, 0x08, 0x12, 0x16, 0x18];

/** Elements of group 0002 that begin a meta group: its length, version, class, instance, transfer syntax. */
const FIRST_META_ELEMENTS = [0x00, 0x01, 0x02, 0x03, 0x10];

/** Longer than any valid first element. */
const LONGEST_FIRST = 256;

/** True for a file with the preamble and mark of PS3.10. */
export function hasDicomMark(bytes: Uint8Array): boolean {
  return MARK.every((byte, i) => bytes[DICOM_HEAD - MARK.length + i] === byte);
}

/** True with the mark, or for a meta group or little-endian data set from its first element on. */
export function isDicom(bytes: Uint8Array): boolean {
  return hasDicomMark(bytes) || beginsAsDataSet(bytes);
}

function beginsAsDataSet(bytes: Uint8Array): boolean {
  if (bytes.length < 12) return false;
  const [group, high, element, zero] = bytes as unknown as [number, number, number, number];
  if (high !== 0 || zero !== 0) return false;
  const letters = String.fromCharCode(bytes[4]!, bytes[5]!);
  const explicit = ["UL", "CS", "UI", "DA", "TM", "SH", "OB"].includes(letters);
  if (group === 2) return explicit && FIRST_META_ELEMENTS.includes(element);
  if (group !== 8 || !FIRST_ELEMENTS.includes(element)) return false;
  const length = bytes[4]! + 256 * bytes[5]!;
  return explicit || (bytes[6] === 0 && bytes[7] === 0 && length % 2 === 0 && length <= LONGEST_FIRST);
}
