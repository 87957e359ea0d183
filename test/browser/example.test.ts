/** @file examples/web.mjs as a Vite project that imports the package, built without configuration, in Chromium. */

import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { execFileSync } from "node:child_process";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { build } from "vite";
import { expect, it, onTestFinished } from "vitest";
import { pageServer } from "../../scripts/page-server.mjs";
import { findBrowser } from "./chromium.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

it("a Vite project explains a picture with weights that a user chooses", async () => {
  const project = mkdtempSync(join(tmpdir(), "gradlens-vite-"));
  onTestFinished(() => rmSync(project, { recursive: true, force: true }));
  execFileSync(process.execPath, [join(root, "scripts/build.mjs")]);
  copyFileSync(join(root, "examples/web.html"), join(project, "index.html"));
  copyFileSync(join(root, "examples/web.mjs"), join(project, "web.mjs"));
  mkdirSync(join(project, "node_modules"));
  symlinkSync(root, join(project, "node_modules/gradlens"), "junction");
  await build({ root: project, configFile: false, logLevel: "error" });

  const server = pageServer(join(project, "dist"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const flags = ["--enable-unsafe-webgpu", "--no-sandbox"];
  const browser = await chromium.launch({ executablePath: findBrowser(), args: flags });
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await page.waitForFunction(() => document.querySelector("script[type=module]") !== null);
  // The engine opens its device before it listens.
  await page.waitForTimeout(3000);
  const files = ["weights/densenet121-scenes14.safetensors", "pictures/cat-dog.png"];
  await page.setInputFiles(
    "input",
    files.map((file) => join(root, file)),
  );
  await expect.poll(() => page.textContent("output"), { timeout: 60_000 }).toMatch(/^dog 0\.9/);
  // The dog's head, against the opposite corner: red is heat.
  const heats = await page.evaluate(() => {
    const canvas = document.querySelector("canvas")!;
    const at = (x: number, y: number): number[] => [
      ...canvas.getContext("2d")!.getImageData(x * canvas.width, y * canvas.height, 1, 1).data,
    ];
    return { width: canvas.width, dog: at(0.74, 0.4), corner: at(0.05, 0.95) };
  });
  expect(heats.width).toBe(480);
  expect(heats.dog[0]! - heats.dog[2]!).toBeGreaterThan(60);
  expect(heats.corner[2]! - heats.corner[0]!).toBeGreaterThan(0);
}, 120_000);
