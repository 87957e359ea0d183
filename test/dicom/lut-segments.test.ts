/** @file Palettes in segments, by hand from PS3.3 C.7.9.2; whole files are among those of reference.test.ts. */

import { expect, it } from "vitest";
import { expandSegments } from "../../src/dicom/lut-segments.js";

it("palette segments give values, lines to a value, and earlier segments again", () => {
  // Offsets count bytes: the line's is 8 in words of 16 bits, 4 in bytes. From 5 it goes to 20 in four steps.
  const segments = [0, 2, 4, 8, 1, 4, 20, 0, 1, 5, 2, 1];
  const expanded = [4, 8, 11, 14, 17, 20, 5, 9, 13, 16, 20];
  expect(expandSegments(Uint16Array.from([...segments, 8, 0]))).toEqual(expanded);
  expect(expandSegments(Uint8Array.from([...segments, 4, 0, 0, 0, 0]))).toEqual(expanded);
});

it.each([
  ["a line from nowhere", [1, 4, 20]],
  ["values that are not there", [0, 9, 1, 2]],
  ["an unknown kind", [0, 1, 5, 3, 1, 5]],
  ["a segment that repeats itself", [0, 1, 5, 2, 2, 0, 0]],
  ["an offset to nowhere", [0, 1, 5, 2, 1, 1, 0]],
  ["lines without end", [0, 1, 5, 1, 65535, 9, 1, 65535, 9]],
])("palette segments are refused: %s", (_, words) => {
  expect(() => expandSegments(Uint16Array.from(words))).toThrow(
    /a palette with invalid segments: save it as RGB/,
  );
});
