/** @file openDevice of gradlens/web gives a working device in headless Chromium. */
import { expect, it } from "vitest";
import { runInChromium } from "./chromium.js";

it("openDevice computes in a page on the browser's own adapter", async () => {
  const page = (await runInChromium("test/browser/adapter.page.ts", 60_000)) as {
    adapter: { kind: string; boundsChecks: boolean };
    output: number[];
  };
  expect(["gpu", "swiftshader", "lavapipe"]).toContain(page.adapter.kind);
  expect(page.adapter.boundsChecks).toBe(true);
  expect(page.output).toEqual(Array.from({ length: 1000 }, (_, i) => 2 * i + 1));
});

it("a failure in the tested page reaches the test", async () => {
  await expect(runInChromium("test/browser/failing.page.ts", 60_000)).rejects.toThrow("thrown in the page");
});
