/** @file A heat map laid over its picture: pytorch-grad-cam's show_cam_on_image. */

import { GradlensError } from "../errors.js";
import { colormapTable, type ColormapName } from "./colormaps.js";
import { checkPicture, toRgb, type Picture, type Size } from "./picture.js";
import { resizedMapRows } from "./resize.js";

export interface OverlayOptions {
  /** The share of the heat map, 0..1. Default 0.5. */
  readonly alpha?: number;
  /** Default jet. */
  readonly colormap?: ColormapName;
}

/**
 * alpha·colormap(uint8(255·map)) + (1 − alpha)·picture, over its own maximum, ·255 truncated; in f32 as NumPy does it.
 * `map` holds 0..1, size [H, W] as `mapSize`; it is resized to the picture's size where they differ. Gives 8-bit RGB.
 * Throws `bad-argument` for an alpha outside 0..1 or a map that does not fit its size, `bad-picture`.
 */
export function overlay(
  picture: Picture,
  map: Float32Array,
  mapSize: Size,
  { alpha = 0.5, colormap = "jet" }: OverlayOptions = {},
): Picture {
  checkPicture(picture);
  if (!(alpha >= 0 && alpha <= 1)) {
    throw new GradlensError("bad-argument", `alpha ${alpha}: give the heat map's share, from 0 to 1`);
  }
  const { width, height } = picture;
  const { data } = toRgb(picture);
  const levels = mapLevels(map, mapSize, picture);
  const { fround } = Math;
  const pictureShare = fround(1 - alpha);
  const heat = Float32Array.from(colormapTable(colormap), (v) => fround(v / 255) * fround(alpha));
  const bytes = Float32Array.from({ length: 256 }, (_, v) => fround(v / 255) * pictureShare);
  const mixed = (pixel: number, c: number): number => {
    const sample = data[pixel * 3 + c]!;
    const below = data instanceof Uint8Array ? bytes[sample]! : fround(sample * pictureShare);
    return fround(heat[levels[pixel]! * 3 + c]! + below);
  };

  let max = 0;
  for (let i = 0; i < levels.length; i++) {
    for (let c = 0; c < 3; c++) max = Math.max(max, mixed(i, c));
  }
  const out = new Uint8Array(data.length);
  // A black picture under a black colour has no maximum to divide by: it stays black.
  if (max > 0) {
    for (let i = 0, o = 0; i < levels.length; i++) {
      for (let c = 0; c < 3; c++) out[o++] = fround(255 * fround(mixed(i, c) / max));
    }
  }
  return { data: out, width, height, channels: 3 };
}

/** A map of 0..1 in its colours alone, at its own size: colormap(uint8(255·map)). */
export function colorMap(map: Float32Array, size: Size, colormap: ColormapName = "jet"): Picture {
  const table = colormapTable(colormap);
  const levels = mapLevels(map, size, size);
  const data = new Uint8Array(levels.length * 3);
  for (let i = 0; i < levels.length; i++) {
    const entry = levels[i]! * 3;
    data.set(table.subarray(entry, entry + 3), i * 3);
  }
  return { data, width: size.width, height: size.height, channels: 3 };
}

/** uint8(255·map) at the size `to`: the colormap's entry for every pixel. */
function mapLevels(map: Float32Array, from: Size, to: Size): Uint8Array {
  const fillRow = resizedMapRows(map, from, to);
  const row = new Float32Array(to.width);
  const levels = new Uint8Array(to.width * to.height);
  for (let y = 0, o = 0; y < to.height; y++) {
    fillRow(y, row);
    for (let x = 0; x < to.width; x++) levels[o++] = Math.fround(255 * row[x]!);
  }
  return levels;
}
