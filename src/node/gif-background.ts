/** @file Reads the background colour in a GIF's header, for pixels that no frame covers (GIF89a, section 18). */

/** Offsets of the header's flags, its background's index and its palette. */
const FLAGS = 10;
const BACKGROUND = 11;
const PALETTE = 13;

/** Black without a global palette. OpenCV fills transparent pixels with it. */
export function gifBackground(bytes: Uint8Array): Record<"r" | "g" | "b", number> {
  const flags = bytes[FLAGS] ?? 0;
  const index = bytes[BACKGROUND] ?? 0;
  const hasPalette = (flags & 0x80) !== 0 && index < 2 << (flags & 7);
  const [r = 0, g = 0, b = 0] = hasPalette ? bytes.subarray(PALETTE + 3 * index) : [];
  return { r, g, b };
}
