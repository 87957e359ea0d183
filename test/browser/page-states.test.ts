/** @file The page where things are otherwise: no WebGPU, a lost device, no network, keys alone, other languages and readers. */

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { HEADERS, POLICY } from "../../scripts/page-server.mjs";
import { PageHost } from "./open-page.js";

const host = new PageHost();
beforeAll(() => host.start(), 120_000);
afterAll(() => host.stop());

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const explained = (page: Page): Promise<unknown> =>
  page.waitForSelector("[data-testid=heat]", { timeout: 60_000 });

/** Faults of weight that axe finds. */
async function faults(page: Page): Promise<string[]> {
  // As a debugger does: the page's policy lets no script in.
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: AXE });
  return page.evaluate(async () => {
    interface Fault {
      readonly id: string;
      readonly impact: string;
      readonly nodes: readonly { readonly html: string }[];
    }
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Fault[] }> } };
    const { violations } = await axe.run();
    const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    return grave.map(({ id, nodes }) => `${id}: ${nodes[0]!.html}`);
  });
}

it("the page says how to get WebGPU where the browser has none", async () => {
  const { page, context } = await host.open({}, (made) =>
    made.route("**/worker.js", async (route) => {
      const response = await route.fetch();
      const body = `Object.defineProperty(navigator, "gpu", { value: undefined });\n${await response.text()}`;
      await route.fulfill({ response, body });
    }),
  );
  await page.waitForSelector(".no-gpu");
  expect(await page.textContent(".no-gpu")).toMatch(
    /offers no WebGPU.*Chrome on Linux: open chrome:\/\/flags/s,
  );
  expect(await faults(page)).toEqual([]);
  await context.close();
});

it("the page opens a lost device again, with its model", async () => {
  const { page, context } = await host.open({}, (made) =>
    made.route("**/worker.js", async (route) => {
      const response = await route.fetch();
      const patch = `
        const request = GPUAdapter.prototype.requestDevice;
        GPUAdapter.prototype.requestDevice = async function (...all) {
          const device = await request.apply(this, all);
          new BroadcastChannel("lose").addEventListener("message", () => device.destroy(), { once: true });
          return device;
        };\n`;
      await route.fulfill({ response, body: patch + (await response.text()) });
    }),
  );
  await explained(page);
  await page.evaluate(() => new BroadcastChannel("lose").postMessage("now"));
  await page.waitForTimeout(300);
  await page.click("[data-method=layercam]");
  await expect
    .poll(() => page.textContent("[data-testid=caption]"), { timeout: 60_000 })
    .toMatch(/^LayerCAM/);
  expect(await page.textContent(".notices")).toMatch(/device was lost.*open again/);
  await context.close();
});

it("the page works without a network after one visit", async () => {
  const { page, context } = await host.open();
  await explained(page);
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await context.setOffline(true);
  const before = host.asked.length;
  await page.reload();
  await explained(page);
  // The browser itself looks for a newer service worker.
  const since = host.asked.slice(before).filter((path) => !path.endsWith("/service-worker.js"));
  expect(since).toEqual([]);
  const link = await page.getAttribute("link[rel=manifest]", "href");
  expect(link).toBe("./manifest.webmanifest");
  await context.close();
});

it("the page works by keys alone: label, method, layer, opacity, grid", async () => {
  const { page, context } = await host.open();
  await explained(page);
  const focused = (): Promise<string> =>
    page.evaluate(() => {
      const at = document.activeElement as HTMLElement;
      return [at.id, at.dataset["index"], at.dataset["method"], at.dataset["layer"], at.className].join("|");
    });
  const tabTo = async (wanted: RegExp): Promise<void> => {
    for (let i = 0; i < 120; i++) {
      await page.keyboard.press("Tab");
      if (wanted.test(await focused())) return;
    }
    throw new Error(`Tab does not reach ${String(wanted)}`);
  };
  await page.keyboard.press("/");
  await page.keyboard.type("espresso");
  await tabTo(/^\|967\|/);
  await page.keyboard.press("Enter");
  const caption = (): Promise<string | null> => page.textContent("[data-testid=caption]");
  await expect.poll(caption, { timeout: 30_000 }).toMatch(/espresso/);
  await tabTo(/tab-method/);
  await tabTo(/\|eigencam\|/);
  await page.keyboard.press("Enter");
  await expect.poll(caption, { timeout: 30_000 }).toMatch(/^Eigen-CAM/);
  await page.focus("#tab-method");
  await page.keyboard.press("ArrowRight");
  expect(await page.getAttribute("#tab-layer", "aria-selected")).toBe("true");
  const heat = page.locator("[data-testid=heat]");
  await page.locator(".toolbar input[type=range]").first().focus();
  await page.keyboard.press("End");
  expect(await heat.evaluate((canvas) => canvas.style.opacity)).toBe("1");
  await page.locator(".frame").focus();
  await page.keyboard.down(" ");
  await page.waitForSelector(".stage.bare");
  await page.keyboard.up(" ");
  await page.waitForSelector(".stage:not(.bare)");
  await page.locator(".zooms button").first().focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector(".stage.bare");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".stage:not(.bare)");
  await page.keyboard.press("g");
  await page.waitForSelector("[data-testid=grid] canvas", { timeout: 30_000 });
  await context.close();
});

it.each([
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  ["narrow", { viewport: { width: 390, height: 844 } }],
  ["Chinese", { locale: "zh-CN" }],
] as const)("the page has no serious fault that axe-core finds: %s", async (_, options) => {
  const { page, context } = await host.open(options);
  await explained(page);
  for (const name of ["method", "layer", "settings", "save"]) {
    await page.click(`#tab-${name}`);
    expect(await faults(page), name).toEqual([]);
  }
  const isWide = await page.evaluate(
    () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
  );
  expect(isWide).toBe(false);
  await context.close();
});

it("the page is Chinese in a Chinese browser, and English on request", async () => {
  const { page, context } = await host.open({ locale: "zh-CN" });
  await explained(page);
  expect(await page.textContent(".tagline")).toBe("模型在看哪里？");
  expect(await page.getAttribute("html", "lang")).toBe("zh-CN");
  await page.setInputFiles("input[type=file]", { name: "w.pth", mimeType: "", buffer: Buffer.alloc(64) });
  await expect
    .poll(() => page.textContent(".notices"))
    .toMatch(/w\.pth: 全是零：下载或复制没有完成；支持 safetensors/);
  await page.click("#tab-settings");
  const help = (): Promise<string | null> => page.textContent("#option-augSmooth-help");
  expect(await help()).toBe("对图片的六个缩放和镜像版本的热力图取平均");
  await page.click("#tab-method");
  const question = (): Promise<string | null> => page.textContent("[data-method=layercam] .asks");
  expect(await question()).toBe("逐个位置看：哪里的梯度为正？");
  const reasons = (): Promise<string[]> => page.locator(".methods.refused li span").allTextContents();
  expect(await reasons()).toContainEqual(expect.stringMatching(/读取 transformer 的注意力/));
  await page.click("button:has-text('English')");
  await expect.poll(() => page.textContent(".tagline")).toBe("What does the model look at?");
  await expect.poll(reasons).toContainEqual(expect.stringMatching(/reads the attention of a transformer/));
  expect(await question()).toBe("Where is the gradient positive, position by position?");
  await expect.poll(() => page.textContent(".notices")).toMatch(/w\.pth: holds only zeros/);
  await page.click("#tab-settings");
  expect(await help()).toBe("average the maps of six scaled and mirrored versions of the picture");
  await page.reload();
  await explained(page);
  expect(await page.textContent(".tagline")).toBe("What does the model look at?");
  await context.close();
});

it("the page refuses all that its policy does not allow", async () => {
  const { page, context } = await host.open();
  const response = await page.request.get(host.url);
  expect(response.headers()["content-security-policy"]).toBe(POLICY);
  expect(response.headers()).toMatchObject(HEADERS);
  const blocked = await page.evaluate(async () => {
    const outside = await fetch("https://example.org/").then(
      () => "reached",
      () => "refused",
    );
    const script = document.createElement("script");
    script.textContent = "globalThis.injected = true";
    document.head.append(script);
    return { outside, injected: "injected" in globalThis };
  });
  expect(blocked).toEqual({ outside: "refused", injected: false });
  const inPage = await page.getAttribute("meta[http-equiv=Content-Security-Policy]", "content");
  expect(POLICY.startsWith(inPage!)).toBe(true);
  await context.close();
});

it("the page's code stays small: the interface, and all of the first visit", () => {
  const { page, first } = host.sizes;
  expect(page).toBeLessThan(75_000);
  expect(first).toBeLessThan(150_000);
});
