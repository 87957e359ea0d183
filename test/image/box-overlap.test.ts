/** @file Overlaps of boxes, against counted pixels. */

import { describe, expect, it } from "vitest";
import { drawBoxes } from "../../src/image/box-lines.js";
import { boxIou, holdsPixel } from "../../src/image/box-overlap.js";
import type { Box } from "../../src/image/rle.js";
import { seeded } from "../reference/random.js";

/** Boxes of whole numbers overlap in the pixels that both hold. */
function countedIou(a: Box, b: Box): number {
  let [both, either] = [0, 0];
  for (let y = 0; y < 40; y++) {
    for (let x = 0; x < 40; x++) {
      const held = [a, b].filter(([l, t, w, h]) => x >= l && x < l + w && y >= t && y < t + h).length;
      if (held === 2) both++;
      if (held > 0) either++;
    }
  }
  return both / either;
}

describe("boxIou", () => {
  it("boxIou is the share of counted pixels", () => {
    const random = seeded(3);
    const whole = (below: number): number => Math.floor(Math.abs(random.array(1)[0]!) * 1e6) % below;
    const box = (): Box => [whole(20), whole(20), 1 + whole(20), 1 + whole(20)];
    for (let i = 0; i < 200; i++) {
      const [a, b] = [box(), box()];
      expect(boxIou(a, b)).toBeCloseTo(countedIou(a, b), 12);
      expect(boxIou(b, a)).toBe(boxIou(a, b));
    }
  });

  it.each<[Box, Box, number]>([
    [[0, 0, 4, 4], [0, 0, 4, 4], 1],
    [[0, 0, 4, 4], [4, 0, 4, 4], 0],
    [[0, 0, 4, 4], [9, 9, 1, 1], 0],
    [[0, 0, 1, 1], [0.5, 0, 1, 1], 1 / 3],
  ])("boxIou of %j and %j is %d", (a, b, iou) => {
    expect(boxIou(a, b)).toBeCloseTo(iou, 12);
  });
});

it.each<[Box, [number, number], boolean]>([
  [[2, 3, 4, 5], [2, 3], true],
  [[2, 3, 4, 5], [5, 7], true],
  [[2, 3, 4, 5], [6, 7], false],
  [[2, 3, 4, 5], [5, 8], false],
  [[2, 3, 4, 5], [1, 3], false],
  [[2.6, 3, 4, 5], [2, 3], false],
  [[2.4, 3, 4, 5], [2, 3], true],
])("the box %j contains the pixel %j: %j", (box, pixel, held) => {
  expect(holdsPixel(box, pixel)).toBe(held);
});

const EDGE = [0, 255, 255, 0];

it("a solid box is a white line between two black ones, inside its edges", () => {
  const grey = { data: new Uint8Array(3 * 400).fill(77), width: 20, height: 20, channels: 3 } as const;
  const { data } = drawBoxes(grey, [[2, 3, 12, 10]], "solid");
  const row = (y: number): number[] => Array.from({ length: 20 }, (_, x) => data[3 * (20 * y + x)]!);
  const column = (x: number): number[] => Array.from({ length: 20 }, (_, y) => row(y)[x]!);
  const ground = (count: number): number[] => Array<number>(count).fill(77);
  expect(row(8)).toEqual([...ground(2), ...EDGE, ...ground(4), ...EDGE, ...ground(6)]);
  expect(column(8)).toEqual([...ground(3), ...EDGE, ...ground(2), ...EDGE, ...ground(7)]);
});
