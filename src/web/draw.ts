/** @file Draws a heat map on a canvas, over its picture. */

import type { CamMap } from "../cam/request/types.js";
import { colormapTable, type ColormapName } from "../image/colormaps.js";
import { cropFor } from "../image/crop.js";
import { fittedSize, sizeOf, type Size } from "../image/picture.js";
import { layMap } from "../image/resize.js";
import { unsigned } from "../image/signed.js";

/** The facts of a map that laying it over its picture needs. */
export type LaidMap = Pick<CamMap, "data" | "shape" | "signed">;

/** The map resized to its picture: 0..1, or -1..1 if it is signed. @param cropPct the model's */
export function layOver(map: LaidMap, size: Size, cropPct?: number): Float32Array {
  const input = sizeOf(map.shape);
  return layMap(map.data, input, size, cropFor(size, input, cropPct));
}

/** Fills a canvas of the values' size with their colours. Signed values need a diverging colormap: bwr, the default there. */
export function paintHeat(
  canvas: HTMLCanvasElement | OffscreenCanvas,
  values: Float32Array,
  { width, height }: Size,
  { signed = false, colormap }: { readonly signed?: boolean; readonly colormap?: ColormapName } = {},
): void {
  const table = colormapTable(colormap ?? (signed ? "bwr" : "jet"));
  const shown = signed ? unsigned(values) : values;
  const image = new ImageData(width, height);
  const words = new Uint32Array(image.data.buffer);
  // Every machine that runs a browser is little-endian: alpha, blue, green, red.
  const colours = Uint32Array.from(
    { length: 256 },
    (_, i) => 0xff000000 | (table[3 * i + 2]! << 16) | (table[3 * i + 1]! << 8) | table[3 * i]!,
  );
  for (let i = 0; i < words.length; i++) words[i] = colours[Math.min(Math.max(255 * shown[i]!, 0), 255) | 0]!;
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d") as CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;
  context.putImageData(image, 0, 0);
}

export interface DrawOptions {
  readonly colormap?: ColormapName;
  /** The share of the map. Default 0.5. */
  readonly alpha?: number;
  /** The model's `preprocessing.cropPct`. */
  readonly cropPct?: number | undefined;
  /** The largest longer side of the canvas, in pixels. Default: the bitmap's. */
  readonly side?: number;
}

/** Draws picture and map on a canvas, at the bitmap's size or at most `side` long. */
export function drawOverlay(
  canvas: HTMLCanvasElement,
  { bitmap }: { readonly bitmap: ImageBitmap },
  map: LaidMap,
  { colormap, alpha = 0.5, cropPct, side = Infinity }: DrawOptions = {},
): void {
  const size = fittedSize(bitmap, side);
  const { width, height } = size;
  const heat = new OffscreenCanvas(width, height);
  const signed = map.signed === true;
  paintHeat(heat, layOver(map, size, cropPct), size, { signed, ...(colormap && { colormap }) });
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d")!;
  context.filter = signed ? "grayscale(1)" : "none";
  context.drawImage(bitmap, 0, 0, width, height);
  context.filter = "none";
  context.globalAlpha = alpha;
  context.drawImage(heat, 0, 0);
  context.globalAlpha = 1;
}
