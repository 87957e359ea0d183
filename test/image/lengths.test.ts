/** @file Lengths as they are typed. */

import { expect, it } from "vitest";
import { parseLength } from "../../src/figure/layout/lengths.js";

it.each([
  ["4cm", 4 / 2.54],
  ["40 mm", 4 / 2.54],
  ["1.5in", 1.5],
  ["144pt", 2],
  ["240px", 2.5],
  [" 240 ", 2.5],
  [".75IN", 0.75],
])("a length is read: %s", (text, inches) => {
  expect(parseLength(text, "--cell")).toBeCloseTo(inches, 12);
});

it.each(["4 ells", "cm", "-4cm", "0.4in", "41in", "1e3", ""])("a length is refused: %j", (text) => {
  expect(() => parseLength(text, `--cell "${text}"`)).toThrow(
    /^--cell ".*": give a length from 0\.5in to 40in/,
  );
});
