/** @file The outline of regions: where it passes, and what it leaves out. */

import { expect, it } from "vitest";
import { outlineOf } from "../../src/page/view/outline.js";

/** The points of a path of lines. */
const pointsOf = (path: string): [x: number, y: number][] =>
  [...path.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);

it("the outline follows a circle where the values pass the level", () => {
  const size = { width: 60, height: 50 };
  const [cx, cy, radius] = [31.5, 24.5, 15];
  const laid = Float32Array.from({ length: size.width * size.height }, (_, i) => {
    const [x, y] = [(i % size.width) + 0.5, Math.floor(i / size.width) + 0.5];
    return Math.max(0, 1 - Math.hypot(x - cx, y - cy) / (2 * radius));
  });
  const points = pointsOf(outlineOf(laid, size, 0.5).path);
  expect(points.length).toBeGreaterThan(100);
  for (const [x, y] of points) expect(Math.abs(Math.hypot(x - cx, y - cy) - radius)).toBeLessThan(0.15);
});

it("the outline leaves out regions that are too small, and draws the others the same", () => {
  const size = { width: 30, height: 20 };
  const large = new Float32Array(600);
  for (let y = 4; y < 14; y++) large.fill(0.9, y * 30 + 3, y * 30 + 13);
  const both = large.slice();
  both[5 * 30 + 25] = 1;
  expect(outlineOf(both, size, 0.5).path).not.toBe(outlineOf(large, size, 0.5).path);
  expect(outlineOf(both, size, 0.5, 0.01).path).toBe(outlineOf(large, size, 0.5).path);
});
