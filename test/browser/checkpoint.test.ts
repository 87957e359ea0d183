/** @file The checkpoint reader in a page: what torch.save wrote, from a Blob. */

import { expect, it } from "vitest";
import { runInChromium } from "./chromium.js";

it("the checkpoint reader reads a .pkl in a page", async () => {
  const page = (await runInChromium("test/browser/checkpoint.page.ts", 60_000)) as {
    pickle: Record<string, number[]>;
    safetensors: Record<string, number[]>;
  };
  expect(Object.keys(page.pickle).length).toBeGreaterThan(10);
  expect(Object.keys(page.pickle).sort()).toEqual(Object.keys(page.safetensors).sort());
  expect(page.pickle).toEqual(page.safetensors);
});
