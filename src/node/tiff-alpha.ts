/** @file What a TIFF says about its fourth channel, which the decoder does not tell. */

/** TIFF's tag ExtraSamples, and its value for colours that are not yet multiplied by their alpha. */
const EXTRA_SAMPLES = 338;
const UNASSOCIATED = 2;
const ASSOCIATED = 1;

/** BigTIFF's version number: 8-byte offsets instead of 4. */
const BIG = 43;

/** Whether the first page's ExtraSamples calls its first extra channel an alpha (TIFF 6.0, section 18). */
export function tiffHasAlpha(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = view.getUint8(0) === 0x49;
  const big = view.getUint16(2, little) === BIG;
  const word = (at: number): number =>
    big ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little);
  const page = word(big ? 8 : 4);
  const entries = big ? word(page) : view.getUint16(page, little);
  // An entry: tag, type, count, value (or where it stands, for values that need more room than the field has).
  const [header, entry, value, room] = big ? [8, 20, 12, 8] : [2, 12, 8, 4];
  for (let i = 0, at = page + header; i < entries; i++, at += entry) {
    if (view.getUint16(at, little) !== EXTRA_SAMPLES) continue;
    const values = word(at + 4) * 2 <= room ? at + value : word(at + value);
    const kind = view.getUint16(values, little);
    return kind === ASSOCIATED || kind === UNASSOCIATED;
  }
  return false;
}
