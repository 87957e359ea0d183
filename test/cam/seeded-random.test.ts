/** @file Pseudo-random numbers have the moments of their distribution. */

import { expect, test } from "vitest";
import { normalNumbers } from "../../src/cam/passes/seeded-random.js";

test("normal numbers have mean 0 and deviation 1", () => {
  const next = normalNumbers("a text");
  const drawn = Array.from({ length: 20_000 }, () => next());
  const moment = (power: number): number => drawn.reduce((sum, x) => sum + x ** power, 0) / drawn.length;
  expect(moment(1)).toBeCloseTo(0, 1);
  expect(moment(2)).toBeCloseTo(1, 1);
  expect(moment(4)).toBeGreaterThan(2.8);
  expect(moment(4)).toBeLessThan(3.2);
});
