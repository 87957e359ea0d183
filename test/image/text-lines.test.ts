/** @file Where lines end. */

import { expect, it } from "vitest";
import { linesWithEnd, textLines, widestPiece } from "../../src/figure/layout/text-lines.js";

/** A pixel a letter. */
const box = (width: number, lines = 9) => ({
  width,
  lines,
  px: 1,
  measure: (text: string) => [...text].length,
});

it.each([
  ["at spaces", "Pleural Thickening", 10, ["Pleural", "Thickening"]],
  ["not where all fits", "Pleural Thickening", 18, ["Pleural Thickening"]],
  ["after signs in names", "features.denseblock4.conv2", 13, ["features.", "denseblock4.", "conv2"]],
  ["after the last of several signs", "gradcam++map", 10, ["gradcam++", "map"]],
  ["not in a name that a line has room for", "map of features.norm5", 15, ["map of", "features.norm5"]],
  ["never in a number", "a 0.905 b", 6, ["a", "0.905", "b"]],
  ["between Chinese characters", "胸腔积液", 3, ["胸腔积", "液"]],
  ["not before Chinese punctuation", "胸腔，积液", 2, ["胸", "腔，", "积液"]],
  ["not after an opening bracket", "胸腔（左）", 3, ["胸腔", "（左）"]],
  ["anywhere in what is too long", "abcdefgh", 3, ["abc", "def", "gh"]],
  ["nowhere in nothing", "   ", 3, []],
])("lines of text end %s", (_, text, width, lines) => {
  expect(textLines(text, box(width))).toEqual(lines);
});

it("lines of text are at least as wide as the longest word", () => {
  const widest = (text: string): number => widestPiece(text, 1, box(1).measure);
  expect(widest("Pleural Thickening 0.9")).toBe(10);
  expect(widest("features.denseblock4.conv2")).toBe(12);
  expect(widest("胸腔积液")).toBe(1);
  expect(widest("")).toBe(0);
});

it("lines of text end in a name where there are too many otherwise", () => {
  expect(textLines("map of features.norm5", box(16, 2))).toEqual(["map of", "features.norm5"]);
  expect(textLines("map of the features.norm5 a", box(19, 2))).toEqual(["map of the", "features.norm5 a"]);
  expect(textLines("map of the features.denseblock4 a", box(20, 2))).toEqual([
    "map of the features.",
    "denseblock4 a",
  ]);
});

it("lines of a text that is too long are shortened", () => {
  expect(textLines("one two three four", box(7, 2))).toEqual(["one two", "thre..."]);
  expect(textLines("one two", box(3, 1))).toEqual(["..."]);
});

it("lines of text never cut a letter in two", () => {
  for (const line of textLines("🐶🐱🐭🐹🐰", box(2))) expect(line).not.toMatch(/\ufffd/u);
  expect(textLines("🐶🐱🐭🐹🐰", box(4, 1))).toEqual(["🐶..."]);
});

it("shortened lines keep the end that must not be lost", () => {
  expect(linesWithEnd("dog", "0.9", box(7, 1))).toEqual(["dog 0.9"]);
  expect(linesWithEnd("one two three", "0.9", box(9, 1))).toEqual(["on... 0.9"]);
  expect(linesWithEnd("one two three four five", "0.9", box(9, 2))).toEqual(["one two", "th... 0.9"]);
  expect(linesWithEnd("one two three", "", box(7, 1))).toEqual(["one..."]);
});
