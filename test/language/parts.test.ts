/** @file Messages whose places hold words: a Chinese one has no English left in it. */

import { afterAll, beforeAll, expect, test } from "vitest";
import type { CamMap } from "../../src/cam/request/types.js";
import { otherKind } from "../../src/checkpoint/foreign-kinds.js";
import { setLanguage } from "../../src/language/languages.js";
import { CHINESE as PAGE } from "../../src/page/text/words-zh.js";
import { assumptionText, fileWordText } from "../../src/results/model-words.js";
import { notesOf } from "../../src/results/notes.js";

beforeAll(() => setLanguage("zh"));
afterAll(() => setLanguage("en"));

/** ASCII after or before Chinese that should be full-width, and words that are no names. */
const HALF = /\p{sc=Han}[,;:]|[,;:] ?\p{sc=Han}/u;

test.each([
  ["top", 2],
  ["bottom", 97],
  ["left", 2],
  ["right", 97],
])("the Chinese message of a peak in the border has no English: at the %s", (edge, at) => {
  const isColumn = edge === "left" || edge === "right";
  const size = { width: 100, height: 100 };
  const laid = new Float32Array(10_000);
  laid[isColumn ? 5000 + at : 100 * at + 50] = 1;
  const border = { top: 0, bottom: 0, left: 0, right: 0, [edge]: 10 };
  const map = { method: "gradcam", data: laid, shape: [100, 100] } as unknown as CamMap;
  const { peakNote } = notesOf(map, laid, border, size);
  expect(peakNote).toContain("10");
  expect(peakNote).not.toMatch(/[a-z]/i);
});

test("the Chinese message of a text file in the place of weights has no English", () => {
  const head = new TextEncoder().encode("dear reader, this is text\n");
  let message = "";
  try {
    otherKind("w.pth", head, head.length);
  } catch (error) {
    message = (error as Error).message;
  }
  expect(message).toMatch(/\p{sc=Han}/u);
  expect(message).not.toMatch(/\btext\b/);
});

test("the Chinese messages of a model's settings and of a flat map's reason have no English", () => {
  const because = "文件没有说明";
  const lines = [
    assumptionText({ what: "modules", value: true, because }),
    assumptionText({ what: "size", value: [224, 224], because }),
    fileWordText({ what: "mean", value: [0.5], from: "args.mean", used: false }),
    PAGE.flat(because),
  ];
  expect(lines[0]).not.toMatch(/[a-z]/i);
  expect(lines[1]).toContain("--size 224x224");
  for (const line of lines) expect(line).not.toMatch(HALF);
});
