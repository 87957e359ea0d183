/** @file Lays a heat map over its picture, as pytorch-grad-cam's show_cam_on_image does. */

import { badArgument } from "../errors.js";
import { colormapTable, type ColormapName } from "./colormaps.js";
import type { Crop } from "./crop.js";
import {
  checkPicture,
  sizeOf,
  toGrey,
  toRgb,
  withoutAlpha,
  type Picture,
  type PictureLike,
  type Size,
} from "./picture.js";
import { checkMap, layMap } from "./resize.js";
import { unsigned, ZERO_OF_SIGNED } from "./signed.js";
import { say } from "../language/say.js";

export interface OverlayOptions {
  /** The share of the heat map, 0..1. Default 0.5. */
  readonly alpha?: number;
  /** Default jet. */
  readonly colormap?: ColormapName;
  /** The part of the picture that the map covers. Default: all of it. */
  readonly crop?: Crop | undefined;
  /** The map's value around that part. Default: 0, no heat. */
  readonly around?: number;
  /** Of a map that is an array alone. Default: the picture's size. */
  readonly mapSize?: Size;
}

/** A heat map of 0..1 with its size, as `explain` returns it, or its values alone. */
export type MapLike =
  | Float32Array
  | {
      readonly data: Float32Array;
      readonly shape: readonly [height: number, width: number];
      readonly signed?: true;
    };

/**
 * alpha·colormap(uint8(255·map)) + (1 − alpha)·picture, over its own maximum, ·255, truncated; in f32 as in NumPy.
 * `map` holds 0..1 and is resized to the picture. A signed map (-1..1) is laid on the grey picture with zero in the middle of the
 * colours, by default bwr. Returns 8-bit RGB.
 * @throws GradlensError "bad-argument" for an alpha outside 0..1 or a map that does not fit its size, "bad-picture"
 */
export function overlay(picture: PictureLike, map: MapLike, options: OverlayOptions = {}): Picture {
  const opaque = withoutAlpha(picture);
  checkPicture(opaque);
  const { mapSize = opaque, ...rest } = options;
  if (map instanceof Float32Array) return layOver(opaque, map, mapSize, rest);
  const size = sizeOf(map.shape);
  if (!map.signed) return layOver(opaque, map.data, size, rest);
  const signed = { colormap: "bwr", around: ZERO_OF_SIGNED, ...rest } as const;
  return layOver(toGrey(opaque), unsigned(map.data), size, signed);
}

function layOver(
  picture: Picture,
  map: Float32Array,
  mapSize: Size,
  { alpha = 0.5, colormap = "jet", crop, around = 0 }: OverlayOptions,
): Picture {
  if (!(alpha >= 0 && alpha <= 1)) {
    throw badArgument(say`alpha ${alpha}: give the heat map's share, from 0 to 1`);
  }
  const { width, height } = picture;
  const mixRow = mixedRows(
    toRgb(picture),
    layMap(map, mapSize, picture, crop, around),
    alpha,
    colormapTable(colormap),
  );
  const row = new Float32Array(width * 3);
  let max = 0;
  for (let y = 0; y < height; y++) {
    mixRow(y, row);
    for (let i = 0; i < row.length; i++) if (row[i]! > max) max = row[i]!;
  }
  const out = new Uint8Array(width * height * 3);
  // A black picture under a black colour has a maximum of 0 and stays black.
  for (let y = 0, o = 0; y < height && max > 0; y++) {
    mixRow(y, row);
    for (let i = 0; i < row.length; i++) out[o++] = Math.fround(255 * Math.fround(row[i]! / max));
  }
  return { data: out, width, height, channels: 3 };
}

/**
 * Fills `out` with a row of alpha·colormap + (1 − alpha)·picture. Rows are computed twice, because storing them would need 12 bytes
 * a pixel.
 */
function mixedRows(
  { data, width }: Picture,
  map: Float32Array,
  alpha: number,
  table: Uint8Array,
): (y: number, out: Float32Array) => void {
  const { fround } = Math;
  const pictureShare = fround(1 - alpha);
  const heat = Float32Array.from(table, (v) => fround(v / 255) * fround(alpha));
  const bytes = Float32Array.from({ length: 256 }, (_, v) => fround(v / 255) * pictureShare);
  return (y, out) => {
    const start = y * width * 3;
    if (data instanceof Uint8Array) for (let i = 0; i < out.length; i++) out[i] = bytes[data[start + i]!]!;
    else for (let i = 0; i < out.length; i++) out[i] = data[start + i]! * pictureShare;
    for (let x = 0, i = 0; x < width; x++, i += 3) {
      const entry = level(map[y * width + x]!) * 3;
      out[i]! += heat[entry]!;
      out[i + 1]! += heat[entry + 1]!;
      out[i + 2]! += heat[entry + 2]!;
    }
  };
}

/** The colours of a map of 0..1 at its own size, without a picture: colormap(uint8(255·map)). */
export function colorMap(map: Float32Array, size: Size, colormap: ColormapName = "jet"): Picture {
  const table = colormapTable(colormap);
  checkMap(map, size);
  const data = new Uint8Array(map.length * 3);
  for (let i = 0; i < map.length; i++) {
    const entry = level(map[i]!) * 3;
    data.set(table.subarray(entry, entry + 3), i * 3);
  }
  return { data, width: size.width, height: size.height, channels: 3 };
}

/** uint8(255·value): the colormap's entry. Values outside 0..1 are clipped. */
function level(value: number): number {
  return Math.min(Math.max(Math.fround(255 * value), 0), 255) | 0;
}
