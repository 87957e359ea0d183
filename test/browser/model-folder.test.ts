/** @file A folder as transformers and timm write it, dropped on the page: its config counts as with the command. */

import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parseManifest } from "../../src/results/manifest-text.js";
import { PageHost } from "./open-page.js";
import { OWN, writeOwnModel } from "./own-model.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const around = mkdtempSync(join(tmpdir(), "gradlens-folder-"));
const folder = join(around, "checkpoint-100");
const inside = (name: string): string => join(folder, name);
const host = new PageHost();

beforeAll(async () => {
  mkdirSync(folder);
  await writeOwnModel(folder);
  const names = readFileSync(inside(OWN.labels), "utf8").split("\n");
  rmSync(inside(OWN.labels));
  renameSync(inside(OWN.weights), inside("pytorch_model.bin"));
  const pretrained = { input_size: [3, 192, 192], mean: [0.4, 0.5, 0.6], std: [0.2, 0.3, 0.4] };
  const config = { architecture: "efficientnet_lite0", label_names: names, pretrained_cfg: pretrained };
  writeFileSync(inside("config.json"), JSON.stringify(config));
  // What training leaves there too.
  for (const name of ["optimizer.pt", "training_args.bin", "README.md", "trainer_state.json"])
    writeFileSync(inside(name), "{}");
  await host.start();
}, 120_000);
afterAll(async () => {
  await host.stop();
  rmSync(around, { recursive: true, force: true });
});

/** Drops a file or folder of the disk, as a file manager does. */
async function dropFromDisk(page: Page, path: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const)
    await session.send("Input.dispatchDragEvent", { type, x: 700, y: 300, data });
}

const modelOf = (page: Page): Promise<string | null> => page.textContent("[data-testid=model]");

it("the page reads a dropped folder as the command reads it", async () => {
  const { page, context } = await host.open();
  await page.waitForSelector("[data-testid=heat]", { timeout: 60_000 });
  await dropFromDisk(page, folder);
  await expect.poll(() => modelOf(page), { timeout: 60_000 }).toMatch(/pytorch_model\.bin.*192×192/);
  await expect
    .poll(() => page.textContent("[data-testid=caption]"), { timeout: 60_000 })
    .toMatch(/^Grad-CAM for “my /);
  await page.click("#tab-save");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("[data-save=manifest]")]);
  const own = parseManifest(readFileSync(await download.path(), "utf8"), "page")!;
  const out = join(around, "out");
  const picture = join(root, "pictures/cat-coffee.png");
  const command = ["cam", "--weights", folder, "--image", picture, "--out", out, "--json"];
  execFileSync(process.execPath, [join(root, "scripts/start.mjs"), ...command], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const files = readdirSync(out, { recursive: true, encoding: "utf8" });
  const manifest = files.find((file) => file.endsWith("manifest.json"))!;
  const text = readFileSync(join(out, manifest), "utf8");
  const byCommand = parseManifest(text, "command")!;
  expect(own.preprocessing).toEqual(byCommand.preprocessing);
  expect(own.preprocessing.mean).toEqual([0.4, 0.5, 0.6]);
  expect(own.weights).toEqual(byCommand.weights);
  expect(own.maps[0]!.target.label).toBe(byCommand.maps[0]!.target.label);
  await context.close();
}, 180_000);

it("the page reads config.json as settings after the weights, and as labels beside weights of another name", async () => {
  const { page, context } = await host.open();
  await page.waitForSelector("[data-testid=heat]", { timeout: 60_000 });
  await page.setInputFiles("#files", inside("pytorch_model.bin"));
  await expect.poll(() => modelOf(page), { timeout: 60_000 }).toMatch(/pytorch_model\.bin.*224×224/);
  await page.setInputFiles("#files", inside("config.json"));
  await expect.poll(() => modelOf(page), { timeout: 60_000 }).toMatch(/pytorch_model\.bin.*192×192/);
  const buffer = Buffer.from(JSON.stringify({ image_mean: [0.5, 0.5, 0.5] }));
  const preprocessor = { name: "preprocessor_config.json", mimeType: "application/json", buffer };
  const weights = { name: "w.bin", mimeType: "", buffer: readFileSync(inside("pytorch_model.bin")) };
  await page.setInputFiles("#files", [weights, preprocessor]);
  await expect
    .poll(() => page.textContent(".notices"), { timeout: 60_000 })
    .toMatch(/preprocessor_config\.json goes with weights called model\.safetensors or pytorch_model\.bin/);
  await context.close();
}, 180_000);
