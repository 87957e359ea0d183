/** @file Finds the uniform border of a picture: bars of one colour, where a map should have no peak. */

import type { Picture } from "./picture.js";

/** Samples (of 255) that differ by at most this are one colour: JPEG bars are not quite uniform. */
const TOLERANCE = 8;

/** Bars thinner than this part of a side do not count as a border. */
const LEAST = 1 / 50;

type Edge = "left" | "top" | "right" | "bottom";

/** The width of the border on each side, in pixels. */
export type Border = Readonly<Record<Edge, number>>;

/** Uniform rows from the top and bottom, then uniform columns between them from both sides. All 0 for a uniform picture. */
export function uniformBorder(picture: Picture): Border {
  const { width, height } = picture;
  const row = (y: number): Line => lineOf(picture, y * width, 1, width);
  const top = barOf(height, row);
  if (top === height) return { left: 0, top: 0, right: 0, bottom: 0 };
  const bottom = barOf(height, (i) => row(height - 1 - i));
  const column = (x: number): Line => lineOf(picture, top * width + x, width, height - top - bottom);
  const left = barOf(width, column);
  const right = barOf(width, (i) => column(width - 1 - i));
  const counts = (bar: number, side: number): number => (bar >= side * LEAST ? bar : 0);
  return {
    left: counts(left, width),
    top: counts(top, height),
    right: counts(right, width),
    bottom: counts(bottom, height),
  };
}

/** The side of the border that holds a pixel; undefined if none does. */
export function edgeAt(
  [x, y]: readonly [number, number],
  { left, top, right, bottom }: Border,
  { width, height }: Pick<Picture, "width" | "height">,
): Edge | undefined {
  if (y < top) return "top";
  if (y >= height - bottom) return "bottom";
  if (x < left) return "left";
  if (x >= width - right) return "right";
  return undefined;
}

/** The least and greatest sample of each channel. */
type Line = readonly { readonly low: number; readonly high: number }[];

/** `count` pixels from `start` on, `step` pixels apart. */
function lineOf({ data, channels }: Picture, start: number, step: number, count: number): Line {
  return Array.from({ length: channels }, (_, c) => {
    let [low, high] = [Infinity, -Infinity];
    for (let i = 0, at = start * channels + c; i < count; i++, at += step * channels) {
      const sample = data[at]!;
      if (sample < low) low = sample;
      if (sample > high) high = sample;
    }
    return data instanceof Uint8Array ? { low, high } : { low: 255 * low, high: 255 * high };
  });
}

/** The number of lines, from the first on, that together have one colour. */
function barOf(count: number, line: (i: number) => Line): number {
  let together: Line | undefined;
  for (let i = 0; i < count; i++) {
    const now = line(i);
    together = now.map(({ low, high }, c) => ({
      low: Math.min(low, together?.[c]!.low ?? low),
      high: Math.max(high, together?.[c]!.high ?? high),
    }));
    if (together.some(({ low, high }) => high - low > TOLERANCE)) return i;
  }
  return count;
}
