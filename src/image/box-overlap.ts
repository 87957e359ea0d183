/** @file How boxes of a picture overlap, and whether one holds a pixel. */

import type { Box } from "./rle.js";

/** The area of the boxes' intersection over that of their union, 0..1. */
export function boxIou(a: Box, b: Box): number {
  const [ax, ay, aw, ah] = a;
  const [bx, by, bw, bh] = b;
  const width = Math.min(ax + aw, bx + bw) - Math.max(ax, bx);
  const height = Math.min(ay + ah, by + bh) - Math.max(ay, by);
  const both = Math.max(width, 0) * Math.max(height, 0);
  return both / (aw * ah + bw * bh - both);
}

/** Whether the middle of a pixel lies in a box, or on its edge. */
export function holdsPixel([x, y, width, height]: Box, [px, py]: readonly [x: number, y: number]): boolean {
  const [middleX, middleY] = [px + 0.5, py + 0.5];
  return middleX >= x && middleX <= x + width && middleY >= y && middleY <= y + height;
}
