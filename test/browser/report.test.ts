/** @file A report's page in Chromium, opened as a file: filters, live colours, details, keyboard, languages, many pictures. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { colormapTable } from "../../src/image/colormaps.js";
import type { ReportEntry, ReportIndex, ReportMap, ReportPictures } from "../../src/report/data.js";
import { reportPage } from "../../src/report/page.js";
import { findBrowser } from "./chromium.js";

const SIDE = 32;
/** The grey value of every pixel of the maps. */
const HEAT = 200;
/** The layer of maps that were saved as overlays only. */
const SAVED = "saved";

const mapOf = (method: string, label: string, score: number, more: Partial<ReportMap> = {}): ReportMap => ({
  method,
  layers: "features",
  label,
  score,
  colormap: "jet",
  alpha: 0.5,
  signed: false,
  peakToBorder: 0.25,
  notes: [],
  flat: false,
  files: [`x/${method}-${label}.png`],
  ...more,
});

const entryOf = (name: string, maps: readonly ReportMap[]): ReportEntry => ({
  name,
  file: `${name}.png`,
  width: 40,
  height: 30,
  model: 0,
  manifest: `${name}/manifest.json`,
  scores: [{ label: "cat", score: 0.9 }],
  maps,
  files: [`${name}/embedding.npy`],
  refused: [],
});

const indexOf = (entries: readonly ReportEntry[]): ReportIndex => ({
  title: "gradlens · out",
  made: "2026-01-02T03:04:05Z",
  version: "0.1.0",
  models: [
    {
      arch: "densenet121",
      weights: "mine.pth",
      settings: [["size", "224x224"]],
      assumed: [["norm imagenet", "usual for densenet121"]],
    },
  ],
  entries,
});

const FEW = indexOf([
  entryOf("first", [
    mapOf("gradcam", "cat", 0.9),
    mapOf("layercam", "cat", 0.9),
    mapOf("gradcam", "dog", 0.2),
  ]),
  entryOf("second", [mapOf("gradcam", "cat", 0.3, { peakToBorder: 0 })]),
  entryOf("third", [mapOf("gradcam", "dog", 0.6, { flat: true, notes: ["no gradient reaches the layer"] })]),
]);

const MANY = 1000;

let browser: Browser;
let folder: string;
let ground: string;
let heat: string;
let red: string;

async function pngOf(r: number, g = r): Promise<string> {
  const create = { width: SIDE, height: SIDE, channels: 3, background: { r, g, b: g } } as const;
  const bytes = await sharp({ create }).png().toBuffer();
  return `data:image/png;base64,${bytes.toString("base64")}`;
}

async function write(name: string, index: ReportIndex): Promise<string> {
  const pictures = (entry: number): Promise<ReportPictures> =>
    Promise.resolve({
      grounds: [ground],
      maps: index.entries[entry]!.maps.map(({ layers }) =>
        layers === SAVED ? { kind: "overlay", url: red } : { kind: "map", url: heat, ground: 0 },
      ),
    });
  let html = "";
  for await (const text of reportPage(index, pictures)) html += text;
  const path = join(folder, name);
  writeFileSync(path, html);
  return pathToFileURL(path).href;
}

/** Opens a page; errors of its script fail the test, as do requests other than for itself and data. */
async function openPage(
  url: string,
  locale = "en-US",
  colorScheme: "light" | "dark" = "light",
): Promise<Page> {
  const context = await browser.newContext({ locale, colorScheme, viewport: { width: 1200, height: 900 } });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.on("request", (request) => {
    if (request.url() !== url && !request.url().startsWith("data:")) faults.push(request.url());
  });
  page.on("close", () => expect(faults).toEqual([]));
  await page.goto(url);
  return page;
}

/** The colour of the first map's canvas, once it is painted. */
async function colorOf(page: Page): Promise<number[]> {
  await page.waitForSelector("article canvas");
  return page.$eval("article canvas", (canvas: HTMLCanvasElement) => [
    ...canvas.getContext("2d")!.getImageData(3, 3, 1, 1).data.slice(0, 3),
  ]);
}

const tableColor = (name: "jet" | "viridis"): number[] => [
  ...colormapTable(name).slice(3 * HEAT, 3 * HEAT + 3),
];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "gradlens-report-"));
  [ground, heat, red] = await Promise.all([pngOf(90), pngOf(HEAT), pngOf(255, 0)]);
  browser = await chromium.launch({ executablePath: findBrowser(), args: ["--no-sandbox"] });
});

afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("a report of three pictures", () => {
  it("a report filters by label, method, score and remarks, and sorts", async () => {
    const page = await openPage(await write("few.html", FEW));
    const names = (): Promise<string[]> => page.locator("article .name").allTextContents();
    const figures = (): Promise<number> => page.locator("article figure").count();
    expect([await names(), await figures()]).toEqual([["first", "second", "third"], 5]);
    await page.getByLabel("Label").selectOption("dog");
    expect([await names(), await figures()]).toEqual([["first", "third"], 2]);
    await page.getByLabel("Show").selectOption("withHeat");
    expect(await names()).toEqual(["first"]);
    await page.getByLabel("Show").selectOption("withNotes");
    expect(await names()).toEqual(["third"]);
    await page.getByLabel("Show").selectOption("everything");
    await page.getByLabel("Label").selectOption("");
    await page.getByLabel("Method").selectOption("gradcam");
    expect(await figures()).toBe(4);
    await page.getByLabel("Sort by").selectOption("byLowScore");
    expect(await names()).toEqual(["first", "second", "third"]);
    await page.getByLabel("Sort by").selectOption("byPeak");
    expect((await names())[0]).toBe("second");
    await page.getByLabel("Find a picture").fill("thi");
    expect(await names()).toEqual(["third"]);
    await page.getByLabel("Find a picture").fill("nothing");
    expect(await page.locator(".count").innerText()).toContain("No map fits");
    await page.close();
  });

  it("a report colours the maps by the table of the chosen colour map, and fades them", async () => {
    const page = await openPage(await write("few.html", FEW));
    expect(await colorOf(page)).toEqual(tableColor("jet"));
    await page.getByLabel("Colour map").selectOption("viridis");
    await expect.poll(() => colorOf(page)).toEqual(tableColor("viridis"));
    await page.getByLabel("Opacity").fill("0.2");
    const opacity = (): Promise<string> =>
      page.$eval("article canvas", (canvas) => getComputedStyle(canvas).opacity);
    expect(await opacity()).toBe("0.2");
    await page.close();
  });

  it("a report shows details by keyboard alone, and goes on to the next picture", async () => {
    const page = await openPage(await write("few.html", FEW));
    const first = page.locator("article .name").first();
    await first.focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    expect(await dialog.locator("h2").innerText()).toBe("first");
    expect(await dialog.innerText()).toMatch(/224x224[\s\S]*usual for densenet121/);
    expect(await dialog.locator("canvas").count()).toBeGreaterThan(0);
    expect(
      await dialog.getByRole("link").evaluateAll((links) => links.map((a) => a.getAttribute("href"))),
    ).toEqual([
      "first/manifest.json",
      "x/gradcam-cat.png",
      "x/layercam-cat.png",
      "x/gradcam-dog.png",
      "first/embedding.npy",
    ]);
    await page.keyboard.press("ArrowRight");
    expect(await dialog.locator("h2").innerText()).toBe("second");
    await page.keyboard.press("Escape");
    expect(await dialog.count()).toBe(0);
    await page.close();
  });

  it.each(["light", "dark"] as const)(
    "a report has no serious fault of accessibility, %s",
    async (scheme) => {
      const page = await openPage(await write("few.html", FEW), "en-US", scheme);
      await page.waitForSelector("article canvas");
      // The page's policy allows no further script element, so it is run directly.
      await page.evaluate(
        readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"),
      );
      const found = await page.evaluate("axe.run().then(({ violations }) => violations)");
      const serious = (found as { id: string; impact: string }[]).filter(({ impact }) =>
        ["serious", "critical"].includes(impact),
      );
      expect(serious.map(({ id }) => id)).toEqual([]);
      await page.close();
    },
  );

  it("a report keeps the colours of a signed map, and draws no saved overlay grey", async () => {
    const signed = { signed: true, colormap: "bwr" } as const;
    const maps = [
      mapOf("gradcam", "cat", 0.9, signed),
      mapOf("gradcam", "dog", 0.9, { ...signed, layers: SAVED }),
    ];
    const page = await openPage(await write("signed.html", indexOf([entryOf("first", maps)])));
    await page.getByLabel("Colour map").selectOption("viridis");
    expect(await colorOf(page)).toEqual([...colormapTable("bwr").slice(3 * HEAT, 3 * HEAT + 3)]);
    await page.waitForSelector("article figure:nth-of-type(2) img");
    const filters = await page.$$eval("article img", (images) =>
      images.map((one) => getComputedStyle(one).filter),
    );
    expect(filters).toEqual(["grayscale(1)", "none"]);
    await page.close();
  });

  it("a report draws boxes of people on the maps, says how the map agrees, and hides the boxes on request", async () => {
    const truth = { boxes: [[0.25, 0.5, 0.5, 0.25]], hit: true, iou: 0.426 } as const;
    const maps = [mapOf("gradcam", "cat", 0.9, { truth }), mapOf("gradcam", "dog", 0.9)];
    const page = await openPage(await write("truth.html", indexOf([entryOf("first", maps)])));
    await page.waitForSelector("article .truth i");
    expect(await page.locator("figcaption").allInnerTexts()).toEqual([
      expect.stringContaining("Peak in a drawn box · IoU 0.43"),
      expect.not.stringContaining("box"),
    ]);
    const place = await page.$eval("article .truth i", (line) => {
      const [inner, outer] = [line, line.closest(".box")!].map((one) => one.getBoundingClientRect());
      return [
        (inner!.left - outer!.left) / outer!.width,
        (inner!.top - outer!.top) / outer!.height,
        inner!.width / outer!.width,
        inner!.height / outer!.height,
      ];
    });
    for (const [i, share] of place.entries()) expect(share).toBeCloseTo(truth.boxes[0][i]!, 2);
    await page.getByLabel("Drawn boxes").uncheck();
    expect(await page.locator("article .truth").first().isVisible()).toBe(false);
    await page.close();
    const without = await openPage(await write("few.html", FEW));
    expect(await without.getByLabel("Drawn boxes").count()).toBe(0);
    await without.close();
  });

  it("a report is in the browser's language, and in the other on request", async () => {
    const page = await openPage(await write("few.html", FEW), "zh-CN");
    expect(await page.locator("html").getAttribute("lang")).toBe("zh");
    expect(await page.locator(".count").innerText()).toBe("3 张图片的 5 张热力图");
    await page.getByRole("button", { name: "English" }).click();
    expect(await page.locator(".count").innerText()).toBe("5 maps of 3 pictures");
    await page.close();
  });
});

it(`a report keeps the pictures of few cards in memory, of ${MANY}`, async () => {
  const entries = Array.from({ length: MANY }, (_, i) =>
    entryOf(`picture ${i}`, [mapOf("gradcam", "cat", i / MANY)]),
  );
  const page = await openPage(await write("many.html", indexOf(entries)));
  expect(await page.locator("article").count()).toBe(MANY);
  const painted = (): Promise<number> => page.locator("article canvas").count();
  await page.waitForSelector("article canvas");
  expect(await painted()).toBeLessThan(MANY / 4);
  await page.locator("article").last().scrollIntoViewIfNeeded();
  await page.locator("article").last().locator("canvas").waitFor();
  expect(await painted()).toBeLessThan(MANY / 4);
  await page.close();
});
