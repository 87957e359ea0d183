/**
 * @file Converts a file's samples to 8-bit RGB as cv2.imread(path, 1) does (OpenCV 5.0: grfmt_png, grfmt_tiff with libtiff's RGBA
 * interface, utils.cpp).
 */

import type { RasterKind } from "./picture-kinds.js";

/** Samples as decoded, interleaved: grey (1 channel), RGB (3), RGB with alpha (4, TIFF only) or CMYK (4). */
export interface RawSamples {
  readonly kind: RasterKind;
  readonly data: Uint8Array | Uint16Array;
  readonly channels: number;
  readonly cmyk: boolean;
}

/** 8-bit RGB, three samples a pixel. */
export function opencvRgb(raw: RawSamples): Uint8Array {
  const bytes = raw.data instanceof Uint8Array ? raw.data : toBytes(raw.data, raw);
  if (raw.channels === 3) return bytes;
  if (raw.channels === 1) return greyToRgb(bytes);
  if (raw.cmyk) return cmykToRgb(bytes, raw.kind);
  return onBlack(bytes);
}

/** PNG and grey TIFF keep the high byte. OpenCV reads coloured TIFF by libtiff's RGBA interface, which rounds v/257. */
function toBytes(data: Uint16Array, { kind, channels }: RawSamples): Uint8Array {
  const bytes = new Uint8Array(data.length);
  if (kind === "TIFF" && channels > 1)
    for (let i = 0; i < data.length; i++) bytes[i] = Math.round(data[i]! / 257);
  else for (let i = 0; i < data.length; i++) bytes[i] = data[i]! >> 8;
  return bytes;
}

function greyToRgb(grey: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(grey.length * 3);
  for (let i = 0; i < grey.length; i++) rgb.fill(grey[i]!, 3 * i, 3 * i + 3);
  return rgb;
}

/**
 * libtiff multiplies colours by their alpha. If the file holds premultiplied colours, the decoder has divided them, so they may be
 * off by one after this.
 */
function onBlack(rgba: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let i = 0, o = 0; i < rgba.length; i += 4) {
    const alpha = rgba[i + 3]!;
    for (let c = 0; c < 3; c++) rgb[o++] = Math.floor((rgba[i + c]! * alpha + 127) / 255);
  }
  return rgb;
}

/** CMYK to RGB without a profile: OpenCV's integer formula for JPEG, libtiff's for TIFF. */
function cmykToRgb(cmyk: Uint8Array, kind: RasterKind): Uint8Array {
  const rgb = new Uint8Array((cmyk.length / 4) * 3);
  for (let i = 0, o = 0; i < cmyk.length; i += 4) {
    const white = 255 - cmyk[i + 3]!;
    for (let c = 0; c < 3; c++) {
      const ink = cmyk[i + c]!;
      rgb[o++] = kind === "JPEG" ? white - ((ink * white) >> 8) : Math.floor(((255 - ink) * white) / 255);
    }
  }
  return rgb;
}
