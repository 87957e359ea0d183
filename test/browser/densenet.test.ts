/** @file The core needs no host: a golden case in headless Chromium gives PyTorch's numbers. */

import { expect, it } from "vitest";
import { METHOD_NAMES } from "../../src/cam/methods.js";
import { runInChromium } from "./chromium.js";

it("explains a picture with DenseNet121 in a page", async () => {
  const { deviations } = (await runInChromium("test/browser/densenet.page.ts")) as {
    deviations: Record<string, number>;
  };
  expect(Object.keys(deviations).sort()).toEqual(["logits", ...METHOD_NAMES].sort());
  expect(deviations["logits"]).toBeLessThanOrEqual(1e-4);
  for (const method of METHOD_NAMES) expect(deviations[method], method).toBeLessThanOrEqual(1e-3);
});
