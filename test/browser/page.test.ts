/** @file The page in headless Chromium, used as a person uses it, with a model and pictures of one's own. */

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { unzipSync } from "fflate";
import type { Page } from "playwright-core";
import { PNG } from "pngjs";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Manifest } from "../../src/results/manifest.js";
import { parseManifest } from "../../src/results/manifest-text.js";
import { PageHost, type OpenedPage } from "./open-page.js";
import { OWN, writeOwnModel } from "./own-model.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "gradlens-own-"));
const own = (name: string): string => join(folder, name);
const host = new PageHost();
let opened: OpenedPage;
let page: Page;

/** A photo with a shoulder of noise: 16 bits, of which 8 lose some. */
function writeDeepPng(path: string): void {
  const [width, height] = [96, 64];
  const png = new PNG({ width, height });
  const samples = Uint16Array.from({ length: width * height }, (_, i) => 300 + ((i * 37) % 4000));
  png.data = Buffer.from(samples.buffer);
  const options = { colorType: 0, inputColorType: 0, inputHasAlpha: false, bitDepth: 16 } as const;
  writeFileSync(path, PNG.sync.write(png, options));
}

beforeAll(async () => {
  await writeOwnModel(folder);
  copyFileSync(join(root, "pictures/cat-dog.png"), own("own.png"));
  copyFileSync(join(root, "pictures/sunflower-apple.png"), own("other.png"));
  copyFileSync(join(root, "test/data/dicom/ct.dcm"), own("scan.dcm"));
  copyFileSync(join(root, "test/data/dicom/ct-jpeg-ls.dcm"), own("packed.dcm"));
  writeDeepPng(own("deep.png"));
  copyFileSync(join(root, "weights/densenet121-scenes14.safetensors"), own("dense.safetensors"));
  await host.start();
  opened = await host.open();
  page = opened.page;
}, 120_000);
afterAll(async () => {
  await host.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Drops files anywhere on the page, as a file manager does. */
async function drop(...names: string[]): Promise<void> {
  const files = names.map((name) => [name, readFileSync(own(name)).toString("base64")]);
  const transfer = await page.evaluateHandle((all) => {
    const data = new DataTransfer();
    for (const [name, base64] of all) {
      const bytes = Uint8Array.from(atob(base64!), (letter) => letter.charCodeAt(0));
      data.items.add(new File([bytes], name!));
    }
    return data;
  }, files);
  await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
}

const idle = (): Promise<unknown> => page.waitForSelector(".task.idle", { state: "attached" });
const caption = (): Promise<string | null> => page.textContent("[data-testid=caption]");
const captioned = (words: RegExp): Promise<void> => expect.poll(caption, { timeout: 60_000 }).toMatch(words);
const runs = (): Promise<number> =>
  page.evaluate(() =>
    Number(document.querySelector("[data-forward-runs]")?.getAttribute("data-forward-runs")),
  );
const tab = (name: string): Promise<void> => page.click(`#tab-${name}`);

/** What a button of the panel saves. */
async function saved(kind: string): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  await tab("save");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(`[data-save=${kind}]`)]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

const floatsOf = (npy: Buffer): Float32Array => {
  const start = 10 + npy.readUInt16LE(8);
  return new Float32Array(Uint8Array.from(npy.subarray(start)).buffer);
};

/** What the command makes of the same files. */
function byCommand(...args: string[]): {
  readonly manifest: Manifest;
  readonly read: (file: string) => Buffer;
} {
  const out = own(`out-${args.join("-").replace(/\W+/g, "-")}`);
  const command = ["cam", "--weights", own(OWN.weights), "--labels", own(OWN.labels)];
  execFileSync(
    process.execPath,
    [join(root, "scripts/start.mjs"), ...command, "--out", out, ...args, "--json"],
    {
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  const found = join(out, "own", "own");
  const manifest = parseManifest(readFileSync(join(found, "manifest.json"), "utf8"), found)!;
  return { manifest, read: (file) => readFileSync(join(found, file)) };
}

it("the page first shows the demo, explained", async () => {
  await page.waitForSelector("[data-testid=heat]");
  await captioned(/^Grad-CAM for “tiger cat”$/);
  expect(await page.textContent("[data-testid=model]")).toMatch(/efficientnet_lite0.*1000 classes · 224×224/);
  const scores = await page.$$eval(".scores .score", (all) =>
    all.map((one) => parseFloat(one.textContent ?? "")),
  );
  expect(scores.length).toBeGreaterThan(20);
  expect(scores).toEqual([...scores].sort((a, b) => b - a));
});

it("the page explains a label of the list without another forward pass", async () => {
  const before = await runs();
  await page.fill("#label-search", "espresso");
  await page.click(".scores li:has-text('espresso') button");
  await captioned(/^Grad-CAM for “espresso”$/);
  expect(before).toBeGreaterThan(0);
  expect(await runs()).toBe(before);
  await page.fill("#label-search", "");
});

it("the page explains a dropped .pkl and PNG with dropped labels as the command does", async () => {
  await drop(OWN.weights, OWN.labels, "own.png");
  await captioned(/^Grad-CAM for “my /);
  await idle();
  const { manifest, read } = byCommand("--image", own("own.png"), "--npy");
  const [record] = manifest.maps;
  expect(await caption()).toBe(`Grad-CAM for “${record!.target.label}”`);
  const wanted = floatsOf(read(record!.npy!));
  const got = floatsOf((await saved("npy")).bytes);
  expect(got.length).toBe(wanted.length);
  const worst = wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - got[i]!)), 0);
  expect(worst).toBeLessThanOrEqual(1e-3);
}, 180_000);

it("the page saves what the command writes: names, manifest, overlay, maps of 8 and 16 bits, all in a zip", async () => {
  const { manifest, read } = byCommand("--image", own("own.png"), "--npy", "--heat", "16");
  const [theirs] = manifest.maps;
  const bytes = new Map<string, Buffer>();
  for (const kind of ["overlay", "heat16", "npy", "manifest"]) {
    const { name, bytes: content } = await saved(kind);
    bytes.set(name, content);
  }
  const text = bytes.get("manifest.json")!.toString();
  const ours = parseManifest(text, "manifest.json")!;
  expect([...bytes.keys()].sort()).toEqual(
    ["manifest.json", theirs!.overlay, theirs!.heat!, theirs!.npy!].sort(),
  );
  const { weights, picture, preprocessing, arch, spelling, labels, activation } = manifest;
  expect(ours).toMatchObject({ weights, picture, preprocessing, arch, spelling, labels, activation });
  expect(ours.assumed).toEqual(manifest.assumed);
  const { index, label } = theirs!.target;
  const peak = expect.any(Array) as unknown;
  expect(ours.maps[0]).toMatchObject({ ...theirs!, target: { index, label }, peak });
  const differences = (name: string, depth: number): number => {
    const [a, b] = [read(name), bytes.get(name)!].map((one) => PNG.sync.read(one).data);
    expect(a!.length).toBe(b!.length);
    return a!.reduce((most, value, i) => Math.max(most, Math.abs(value - b![i]!)), 0) / depth;
  };
  // Colours are steps: a value of another adapter may lie on the other side of one.
  expect(differences(theirs!.overlay, 255)).toBeLessThan(0.05);
  expect(differences(theirs!.heat!, 255)).toBeLessThan(0.01);
  const eight = PNG.sync.read((await saved("heat8")).bytes);
  expect([eight.width, eight.height]).toEqual([picture.width, picture.height]);
  const zip = unzipSync((await saved("zip")).bytes);
  expect(Object.keys(zip).sort()).toEqual([...bytes.keys()].sort());
  expect(Buffer.from(zip[theirs!.npy!]!)).toEqual(bytes.get(theirs!.npy!));
}, 180_000);

it("the page shows the command that makes the same map", async () => {
  await tab("save");
  const line = await page.textContent("[data-testid=command]");
  expect(line).toMatch(/^gradlens cam --weights own\.pkl --image own\.png --target \d+$/);
});

it("the page changes method and layer, and keeps both in the address without a name of the user's", async () => {
  await tab("method");
  await page.click("[data-method=layercam]");
  await captioned(/^LayerCAM for/);
  await tab("layer");
  await page.fill("#tab-body input[type=search]", "blocks.3");
  const path = await page.getAttribute(".tree [data-layer]:not([disabled])", "data-layer");
  await page.click(`[data-layer="${path}"]`);
  await idle();
  const address = decodeURIComponent(new URL(page.url()).hash);
  expect(address).toContain("method=layercam");
  expect(address).toContain(`layer=${path}`);
  expect(address).not.toMatch(/own|my /);
  await tab("method");
  const refused = await page.textContent(".refused");
  expect(refused).toMatch(/Attention rollout|LeGrad/);
});

it("the page cancels Score-CAM, and keeps the earlier map", async () => {
  const before = await caption();
  await page.click("[data-method=scorecam]");
  await page.waitForSelector(".task progress[value]");
  await page.click(".task button");
  await idle();
  expect(await page.textContent(".notices")).toMatch(/Cancelled/);
  expect(await caption()).toBe(before);
  await page.click("[data-method=gradcam]");
  await captioned(/^Grad-CAM for/);
});

it("the page makes a grid of methods and labels", async () => {
  await page.click(".segments button:has-text('Grid')");
  await expect
    .poll(() => page.$$eval("[data-testid=grid] tbody tr", (rows) => rows.length), { timeout: 60_000 })
    .toBe(4);
  await idle();
  expect(await page.$$eval("[data-testid=grid] tbody canvas", (all) => all.length)).toBe(12);
  const before = await runs();
  await page.click("[data-testid=grid] tbody tr:nth-child(2) td:nth-child(3) button");
  await captioned(/^LayerCAM for/);
  expect(await runs()).toBe(before);
});

it("the page reads DICOM with another window, and its decoders on demand", async () => {
  await drop("scan.dcm", "packed.dcm");
  await expect.poll(() => page.$$eval(".thumb", (all) => all.length), { timeout: 60_000 }).toBe(3);
  expect(host.asked.some((path) => path.endsWith("charlswasm_decode.wasm"))).toBe(true);
  await captioned(/ for /);
  await idle();
  const before = (await saved("manifest")).bytes.toString();
  expect((JSON.parse(before) as Manifest).picture.dicom?.window).toMatchObject({ from: "file" });
  await tab("settings");
  await page.click("summary:has-text('Picture')");
  await page.fill("#option-window", "60,300");
  await page.keyboard.press("Enter");
  await idle();
  await captioned(/ for /);
  const after = JSON.parse((await saved("manifest")).bytes.toString()) as Manifest;
  expect(after.picture.dicom?.window).toMatchObject({ center: 60, width: 300, from: "option" });
  await tab("settings");
  await page.click("summary:has-text('Picture')");
  await page.fill("#option-window", "");
  await page.keyboard.press("Enter");
  await idle();
}, 120_000);

it("the page reads a PNG of 16 bits", async () => {
  await drop("deep.png");
  await expect.poll(() => page.$$eval(".thumb", (all) => all.length)).toBe(4);
  await captioned(/ for /);
  await idle();
  const { picture } = JSON.parse((await saved("manifest")).bytes.toString()) as Manifest;
  expect(picture).toMatchObject({ file: "deep.png", sixteenBits: { least: 300, greatest: 4299 } });
});

it("the page says what a wrong file is, and keeps working", async () => {
  writeFileSync(own("notes.pth"), "no weights at all, but text");
  await drop("notes.pth");
  await expect.poll(() => page.textContent(".notices")).toMatch(/notes\.pth/);
  writeFileSync(own("cut.png"), readFileSync(own("own.png")).subarray(0, 500));
  await drop("cut.png");
  await expect.poll(() => page.textContent(".notices")).toMatch(/cut\.png: this PNG cannot be decoded/);
  await page.click(".scores li:nth-child(2) button");
  await idle();
  await captioned(/ for /);
});

it("the page shows guided backprop and guided Grad-CAM, and saves the command's pictures of both", async () => {
  const guided = ".segments button:has-text('Guided')";
  // EfficientNet-Lite0 has ReLU6 alone.
  expect(await page.isDisabled(guided)).toBe(true);
  expect(await page.getAttribute(guided, "title")).toMatch(/has no ReLU/);
  await page.click(".thumb button[title='own.png']");
  await drop("dense.safetensors");
  await expect
    .poll(() => page.textContent("[data-testid=model]"), { timeout: 60_000 })
    .toMatch(/densenet121/);
  await captioned(/ for /);
  await tab("method");
  await page.click("[data-method=gradcam]");
  await captioned(/^Grad-CAM for/);
  await page.click(guided);
  const canvases = (): Promise<number> => page.$$eval("[data-testid=guided]", (all) => all.length);
  await expect.poll(canvases, { timeout: 60_000 }).toBe(2);
  await idle();
  const index = await page.getAttribute(".scores [aria-pressed=true]", "data-index");
  const zip = unzipSync((await saved("zip")).bytes);
  expect(await page.textContent("[data-testid=command]")).toContain("--guided");
  const out = own("out-guided");
  const words = ["cam", "--weights", own("dense.safetensors"), "--image", own("own.png"), "--out", out];
  const more = ["--guided", "--target", index!, "--json"];
  execFileSync(process.execPath, [join(root, "scripts/start.mjs"), ...words, ...more], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const found = join(out, "own", "dense");
  const manifest = parseManifest(readFileSync(join(found, "manifest.json"), "utf8"), found)!;
  for (const name of [manifest.guided[0]!.picture, manifest.maps[0]!.guided!]) {
    const both = [readFileSync(join(found, name)), Buffer.from(zip[name]!)];
    const [theirs, ours] = both.map((bytes) => PNG.sync.read(bytes).data);
    const most = theirs!.reduce((largest, value, i) => Math.max(largest, Math.abs(value - ours![i]!)), 0);
    expect(most, name).toBeLessThanOrEqual(2);
  }
  await page.click(".segments button:has-text('Overlay')");
  await captioned(/^Grad-CAM for/);
}, 180_000);

it("the page explains a model without a classifier by methods that need no label", async () => {
  await drop(OWN.headless);
  await expect
    .poll(() => page.textContent("[data-testid=model]"), { timeout: 60_000 })
    .toMatch(/embedding of 1280/);
  await captioned(/^Eigen-CAM for “embedding”$/);
  await idle();
  await tab("method");
  expect(await page.textContent(".refused")).toMatch(/explains a label, and the model has no classifier/);
  const zip = unzipSync((await saved("zip")).bytes);
  expect(Object.keys(zip)).toContain("embedding.npy");
  const manifest = JSON.parse(Buffer.from(zip["manifest.json"]!).toString()) as Manifest;
  expect(manifest.embedding).toMatchObject({ length: 1280 });
  expect(floatsOf(Buffer.from(zip["embedding.npy"]!))).toHaveLength(1280);
});

it("the page compares its output with that for another picture", async () => {
  const outputFor = async (name: string): Promise<Float32Array> => {
    await drop(name);
    await tab("save");
    await expect
      .poll(() => page.textContent("[data-testid=command]"), { timeout: 60_000 })
      .toContain(`--image ${name}`);
    await captioned(/^Eigen-CAM/);
    await idle();
    return floatsOf(Buffer.from(unzipSync((await saved("zip")).bytes)["embedding.npy"]!));
  };
  const [first, second] = [await outputFor("own.png"), await outputFor("other.png")];
  await page.setInputFiles("#other-picture", own("own.png"));
  await captioned(/^Grad-CAM for “own\.png”$/);
  await idle();
  const cosine = (a: Float32Array, b: Float32Array): number => {
    const dot = (x: Float32Array, y: Float32Array): number =>
      x.reduce((sum, value, i) => sum + value * y[i]!, 0);
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  };
  const zip = unzipSync((await saved("zip")).bytes);
  const manifest = JSON.parse(Buffer.from(zip["manifest.json"]!).toString()) as Manifest;
  expect(manifest.logits[0]).toBeCloseTo(cosine(first, second), 4);
  expect(manifest.embedding).toMatchObject({ vectors: [{ file: "own.png", similarity: "cosine" }] });
  expect(manifest.maps[0]!.target).toMatchObject({ label: "own", vector: { file: "own.png" } });
  expect(await page.textContent("[data-testid=command]")).toMatch(/--target-image own\.png/);
  await page.keyboard.press("g");
  const cells = page.locator("[data-testid=grid] td button");
  await expect.poll(() => cells.count(), { timeout: 60_000 }).toBe(4);
  await idle();
  expect(await page.locator("[data-testid=grid] th[scope=col]").allTextContents()).toEqual([
    `own.png${cosine(first, second).toFixed(2)}`,
  ]);
  // One target: there is no choice of how many.
  expect(await page.locator(".grid-bar input").count()).toBe(0);
  const grid = unzipSync((await saved("zip")).bytes);
  const ofGrid = JSON.parse(Buffer.from(grid["manifest.json"]!).toString()) as Manifest;
  expect(ofGrid.maps.map(({ method }) => method)).toEqual(["gradcam", "layercam", "eigencam", "randomcam"]);
  for (const [i, { flat, target }] of ofGrid.maps.entries()) {
    expect(target).toMatchObject({ vector: { file: "own.png" } });
    const words = await page.locator("[data-testid=grid] tbody td").nth(i).textContent();
    expect(words).toBe(flat === undefined ? "" : `The map is zero everywhere: ${flat}`);
  }
  await cells.nth(1).click();
  await captioned(/^LayerCAM for “own\.png”$/);
  await tab("method");
  await page.click("[data-method=gradcam]");
  await captioned(/^Grad-CAM for “own\.png”$/);
  await page.selectOption(".similarity select", "difference");
  await expect
    .poll(() => page.textContent(".scores .score"), { timeout: 60_000 })
    .toBe((1 - cosine(first, second)).toFixed(2));
  await page.click(".compare .icon-only");
  await captioned(/^Eigen-CAM for “embedding”$/);
  await drop(OWN.weights);
  await expect
    .poll(() => page.textContent("[data-testid=model]"), { timeout: 60_000 })
    .toMatch(/1000 classes/);
  await captioned(/ for /);
});

it("the page explains the camera's frames, and stops", async () => {
  await page.click("button:has-text('Camera')");
  await captioned(/ for /);
  const first = await runs();
  await expect.poll(runs, { timeout: 60_000 }).toBeGreaterThan(first + 1);
  await page.click("button:has-text('Stop camera')");
  await page.waitForSelector("button:has-text('Camera')[aria-pressed=false]");
});

it("the page has requested nothing of any other machine, and of its own only its parts", () => {
  const names = new Set(opened.requests.map((url) => url.replace(/[?#].*$/, "")));
  for (const url of names) if (!/^(?:blob|data):/.test(url)) expect(url.startsWith(host.url), url).toBe(true);
  expect(host.asked.length).toBeGreaterThan(5);
  for (const path of host.asked) expect(path).not.toMatch(/own|scan|deep|notes|dense|headless|\?/);
});
