/** @file How long the page's own thread is busy at a time, over the main path: the engine works in a worker. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PageHost } from "./open-page.js";

/** A page is said to answer at once below it; Chromium reports longer tasks. */
const WANTED_MS = 50;
/** What a machine that is busy with other work may make of a short task; one of the engine's would take longer. */
const MOST_MS = 400;

const host = new PageHost();
beforeAll(() => host.start(), 120_000);
afterAll(() => host.stop());

const picture = readFileSync(fileURLToPath(new URL("../../pictures/cat-dog.png", import.meta.url)));

/** The page's tasks of more than 50 ms since the last call, in milliseconds. */
const longTasks = (page: Page): Promise<number[]> =>
  page.evaluate(async () => {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { tasks } = globalThis as unknown as { tasks: number[] };
    return tasks.splice(0);
  });

const observe = (): void => {
  const tasks = ((globalThis as unknown as { tasks: number[] }).tasks = []) as number[];
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe(
    {
      type: "longtask",
      buffered: true,
    },
  );
};

it("is never busy for long: start, picture, label, method, outline, opacity, grid", async () => {
  const { page, context } = await host.open({}, (made) => made.addInitScript(observe));
  const found: Record<string, number[]> = {};
  const heat = "[data-testid=heat]";
  const caption = (words: RegExp): Promise<void> =>
    expect.poll(() => page.textContent("[data-testid=caption]"), { timeout: 60_000 }).toMatch(words);
  const slide = async (nth: number): Promise<void> => {
    const slider = page.locator(".toolbar input[type=range]").nth(nth);
    for (const value of ["0.3", "0.4", "0.5", "0.6"]) await slider.fill(value);
  };
  const steps: Readonly<Record<string, () => Promise<unknown>>> = {
    start: () => page.waitForSelector(heat, { timeout: 60_000 }),
    picture: async () => {
      const files = [{ name: "own.png", mimeType: "image/png", buffer: picture }];
      await page.setInputFiles("#files", files);
      await page.waitForSelector(".thumb", { timeout: 60_000 });
      await page.waitForSelector(heat, { timeout: 60_000 });
    },
    label: async () => {
      await page.click(".scores li:nth-child(3) button");
      await page.waitForSelector(".task.idle", { state: "attached" });
    },
    method: async () => {
      await page.click("[data-method=layercam]");
      await caption(/^LayerCAM/);
    },
    opacity: () => slide(0),
    outline: () => slide(1),
    grid: async () => {
      await page.keyboard.press("g");
      await page.waitForFunction(() => document.querySelectorAll("[data-testid=grid] canvas").length === 12);
      await page.waitForSelector(".task.idle", { state: "attached" });
    },
  };
  for (const [name, step] of Object.entries(steps)) {
    await step();
    found[name] = (await longTasks(page)).map(Math.round);
  }
  const told = Object.entries(found).map(([name, all]) => `${name}: ${all.join(", ") || "none"}`);
  process.stderr.write(`tasks of the page over ${WANTED_MS} ms\n${told.join("\n")}\n`);
  expect(Math.max(0, ...Object.values(found).flat())).toBeLessThan(MOST_MS);
  await context.close();
}, 180_000);
