/** @file The core needs no host: a golden case in headless Chromium gives PyTorch's numbers. */

import { expect, it } from "vitest";
import { runInChromium } from "./chromium.js";

it("the core explains a picture with DenseNet121 in a page", async () => {
  const { deviations } = (await runInChromium("test/browser/densenet.page.ts")) as {
    deviations: Record<string, number>;
  };
  const { logits, ...methods } = deviations;
  expect(logits).toBeLessThanOrEqual(1e-4);
  expect(Object.keys(methods).length).toBeGreaterThanOrEqual(8);
  for (const [method, value] of Object.entries(methods)) expect(value, method).toBeLessThanOrEqual(1e-3);
});
