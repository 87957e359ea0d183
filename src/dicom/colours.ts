/** @file Converts coloured pixels to 8-bit RGB: RGB, YBR_FULL, YBR_FULL_422 and palettes (PS3.3 C.7.6.3.1.2, C.7.9). */

import type { DataSet } from "dicom-parser";
import { TAGS } from "./data-set.js";
import { lookUp, readLut } from "./lut.js";
import { mapInto, type StoredValues } from "./stored-values.js";

/** Samples of `bits` bits as 8-bit ones. More than 8 bits keep the high byte, as in OpenCV; fewer are stretched. */
export function toBytes(values: StoredValues, bits: number): Uint8Array {
  const most = 2 ** bits - 1;
  const high = 2 ** Math.max(bits - 8, 0);
  return mapInto(
    new Uint8Array(values.length),
    values,
    bits >= 8 ? (value) => value / high : (value) => Math.round((value * 255) / most),
  );
}

/** Three 8-bit YBR_FULL samples a pixel to RGB: the inverse of PS3.3 C.7.6.3.1.2's matrix, rounded, clipped to 0..255. */
export function ybrToRgb(ybr: Uint8Array): Uint8Array {
  const rgb = new Uint8ClampedArray(ybr.length);
  for (let i = 0; i < ybr.length; i += 3) {
    const y = ybr[i]!;
    const blue = ybr[i + 1]! - 128;
    const red = ybr[i + 2]! - 128;
    rgb[i] = y + 1.402 * red;
    rgb[i + 1] = y - (0.114 * 1.772 * blue + 0.299 * 1.402 * red) / 0.587;
    rgb[i + 2] = y + 1.772 * blue;
  }
  return new Uint8Array(rgb.buffer);
}

/** YBR_FULL_422 as stored (two luma samples, then the two chroma samples they share) to three samples a pixel. */
export function spread422(words: StoredValues): StoredValues {
  const out = new Int32Array((words.length / 4) * 6);
  for (let i = 0, o = 0; i + 3 < words.length; i += 4) {
    for (const place of [0, 1]) {
      out[o++] = words[i + place]!;
      out[o++] = words[i + 2]!;
      out[o++] = words[i + 3]!;
    }
  }
  return out;
}

/** Each value's colour in the file's palette. @throws GradlensError "bad-picture" */
export function paletteToRgb(values: StoredValues, data: DataSet, signed: boolean): Uint8Array {
  const luts = [
    readLut(data, TAGS.redDescriptor, TAGS.redData, signed, TAGS.redSegments),
    readLut(data, TAGS.greenDescriptor, TAGS.greenData, signed, TAGS.greenSegments),
    readLut(data, TAGS.blueDescriptor, TAGS.blueData, signed, TAGS.blueSegments),
  ];
  const rgb = new Uint8Array(values.length * 3);
  luts.forEach((lut, c) => {
    const shift = Math.max(lut.bits - 8, 0);
    for (let i = 0; i < values.length; i++) rgb[i * 3 + c] = lookUp(lut, values[i]!) >> shift;
  });
  return rgb;
}
