/** @file How long the page's own thread is busy at a time, over the main path: the engine works in a worker. */

import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PageHost } from "./open-page.js";

/** A page answers at once below it. It bounds the processor's time, which other programs do not lengthen. */
const MOST_MS = 50;

/** By the clock, with what the task waits for: a core, or the browser's process that finds the fonts. */
const MOST_CLOCK_MS = 400;

const host = new PageHost();
beforeAll(() => host.start(), 120_000);
afterAll(() => host.stop());

const picture = fileURLToPath(new URL("../../pictures/cat-dog.png", import.meta.url));

/** An event of Chromium's trace. */
interface Traced {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly dur?: number;
  /** Of these the processor's for this thread: other programs do not count. */
  readonly tdur?: number;
}

const trace = (browser: Browser): Promise<void> =>
  browser.startTracing(undefined, { categories: ["toplevel", "blink.user_timing"] });

/** The longest task of the page's thread since `trace`, in milliseconds: of the processor, and by the clock. */
async function longestTask(page: Page): Promise<{ readonly processor: number; readonly clock: number }> {
  await page.evaluate(async () => {
    await new Promise((resolve) => setTimeout(resolve, 100));
    performance.mark("own-thread");
  });
  const text = (await page.context().browser()!.stopTracing()).toString();
  const { traceEvents } = JSON.parse(text) as { readonly traceEvents: readonly Traced[] };
  const mark = traceEvents.find(({ name }) => name === "own-thread")!;
  const tasks = traceEvents.filter(
    ({ name, pid, tid }) => /RunTask$/.test(name) && pid === mark.pid && tid === mark.tid,
  );
  const most = (of: "tdur" | "dur"): number => Math.max(...tasks.map((task) => task[of] ?? 0)) / 1000;
  return { processor: most("tdur"), clock: most("dur") };
}

it("the page's thread is never busy for long: start, picture, label, method, outline, opacity, grid", async () => {
  const { page, context } = await host.open({}, (made) => trace(made.browser()!));
  const found: Record<string, { readonly processor: number; readonly clock: number }> = {};
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
      // By its path: its bytes would pass through the page's thread.
      await page.setInputFiles("#files", picture);
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
    if (name !== "start") await trace(context.browser()!);
    await step();
    const { processor, clock } = await longestTask(page);
    process.stderr.write(`${name}: ${processor.toFixed()} ms of the processor, ${clock.toFixed()} ms\n`);
    found[name] = { processor, clock };
  }
  const isShort = (ms: number, most: number): boolean => ms > 0 && ms < most;
  const long = Object.entries(found).filter(
    ([, { processor, clock }]) => !isShort(processor, MOST_MS) || !isShort(clock, MOST_CLOCK_MS),
  );
  expect(long).toEqual([]);
  await context.close();
}, 180_000);
