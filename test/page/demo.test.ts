/** @file The page keeps the place of the demo's picture before it is loaded. */

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { readHeader } from "../../src/picture-file/png-chunks.js";
import { DEMO_PICTURE_PATH, DEMO_RATIO } from "../../src/page/state/demo.js";

it("the page keeps the place of the demo's picture in its ratio", () => {
  const { width, height } = readHeader(readFileSync(DEMO_PICTURE_PATH))!;
  expect(DEMO_RATIO).toBe(`${width} / ${height}`);
});
