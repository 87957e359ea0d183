/** @file Draws the outlines of a map's regions on an overlay. */

import type { Crop } from "./crop.js";
import { checkPicture, toRgb, type Picture, type Size } from "./picture.js";
import { bytesOf } from "./quantise.js";
import { layMap, resizeMap } from "./resize.js";

/** As a share of the shorter side, with a minimum in pixels: a white line, and dark edges so that it shows on every colour. */
const LINE = { share: 1 / 160, least: 2 } as const;
const EDGE = { share: 1 / 320, least: 1 } as const;
/** Smaller pictures get a line of one pixel, because such lines would cover them. */
const EDGED_FROM = 64;

/** Distances are computed for at least this many positions along the shorter side: four or more across a line. */
const COARSE_SIDE = 640;

/**
 * Draws the outline of `mask` (from findRegions, of the overlay's size) on an overlay. It runs where the heat between a pixel in
 * the mask and a neighbour outside passes `level`, and is open at the picture's border. Returns a new 8-bit RGB picture.
 * @throws GradlensError "bad-picture", "bad-argument" for a map that does not fit its size
 */
export function drawContour(
  overlay: Picture,
  map: Float32Array,
  mapSize: Size,
  { level, mask, crop }: { readonly level: number; readonly mask: Picture; readonly crop?: Crop | undefined },
): Picture {
  checkPicture(overlay);
  checkPicture(mask);
  const { width, height } = overlay;
  const { line, edge } = strokeOf(Math.min(width, height));
  const heat = layMap(map, mapSize, overlay, crop);
  const distance = distances(overlay, edge + 1, (mark) =>
    eachCrossing(heat, overlay, mask.data, level, mark),
  );
  const data = new Uint8Array(bytesOf(toRgb(overlay)));
  let i = 0;
  for (const away of distance) {
    // Antialiasing: a pixel that the line covers in part gets that share of its colour.
    const dark = Math.min(Math.max(edge + 0.5 - away, 0), 1);
    const white = Math.min(Math.max(line + 0.5 - away, 0), 1);
    for (const end = i + 3; i < end; i++)
      if (dark > 0) data[i] = Math.round(data[i]! * (1 - dark) * (1 - white) + 255 * white);
  }
  return { data, width, height, channels: 3 };
}

/** The distances that the line and its dark edge reach from the outline. */
function strokeOf(side: number): { line: number; edge: number } {
  if (side < EDGED_FROM) return { line: 0.5, edge: 0.5 };
  const pixels = ({ share, least }: typeof LINE | typeof EDGE): number =>
    Math.max(least, Math.round(side * share));
  const line = pixels(LINE) / 2;
  return { line, edge: line + pixels(EDGE) };
}

type Mark = (x: number, y: number) => void;

/** Marks the points where the outline passes between neighbouring pixels, in pixels from the first pixel's centre. */
function eachCrossing(
  heat: Float32Array,
  { width, height }: Size,
  mask: Picture["data"],
  level: number,
  mark: Mark,
): void {
  /** The position of the level between two heats, as a share of the distance; halfway if it is not between them. */
  const passes = (from: number, to: number): number => {
    const share = (level - from) / (to - from);
    return share >= 0 && share <= 1 ? share : 0.5;
  };
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (x > 0 && mask[i] !== mask[i - 1]) mark(x - 1 + passes(heat[i - 1]!, heat[i]!), y);
      if (y > 0 && mask[i] !== mask[i - width]) mark(x, y - 1 + passes(heat[i - width]!, heat[i]!));
    }
  }
}

/**
 * Each pixel's distance to the nearest marked point, in pixels, exact up to `reach`. For a large picture the distances are computed
 * at fewer positions and interpolated, so lines span equally many positions in every picture.
 */
function distances(size: Size, reach: number, eachPoint: (mark: Mark) => void): Float32Array {
  const step = Math.max(1, Math.floor(Math.min(size.width, size.height) / COARSE_SIDE));
  const places = { width: Math.ceil(size.width / step), height: Math.ceil(size.height / step) };
  const scaleX = size.width / places.width;
  const scaleY = size.height / places.height;
  const most = reach + 2 * step;
  const squares = new Float32Array(places.width * places.height).fill(most ** 2);
  eachPoint((px, py) => {
    const last = {
      x: Math.min(Math.floor((px + most + 0.5) / scaleX - 0.5), places.width - 1),
      y: Math.min(Math.floor((py + most + 0.5) / scaleY - 0.5), places.height - 1),
    };
    const first = Math.max(Math.ceil((px - most + 0.5) / scaleX - 0.5), 0);
    for (let y = Math.max(Math.ceil((py - most + 0.5) / scaleY - 0.5), 0); y <= last.y; y++) {
      const dy = (y + 0.5) * scaleY - 0.5 - py;
      for (let x = first, i = y * places.width + first; x <= last.x; x++, i++) {
        const dx = (x + 0.5) * scaleX - 0.5 - px;
        const square = dx * dx + dy * dy;
        if (square < squares[i]!) squares[i] = square;
      }
    }
  });
  return resizeMap(squares.map(Math.sqrt), places, size);
}
