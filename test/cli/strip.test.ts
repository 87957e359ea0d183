/** @file `--strip`: what it shows, and when it is drawn again. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import type { Manifest } from "../../src/cli/results/manifest.js";
import schema from "../../src/cli/results/manifest.schema.json" with { type: "json" };
import type { Rect } from "../../src/image/grid-layout.js";
import { layoutStrip } from "../../src/image/strip-layout.js";
import { figureLetters } from "../../src/node/figure/letters.js";
import { run, tree, userFolder, writePicture } from "./fake.js";

const MINE = ["cam", "--weights", "weights.safetensors", "--image", "x.png", "--target", "dog"];
const DIR = "out/x.png/weights";
const SIZE = { width: 300, height: 260 };
const { measure } = figureLetters();

const validate = new Ajv({ allErrors: true, strictTuples: false }).compile(schema);

function mapIn(folder: string): Manifest["maps"][number] {
  const manifest = JSON.parse(readFileSync(join(folder, DIR, "manifest.json"), "utf8")) as Manifest;
  expect(validate(manifest), JSON.stringify(validate.errors)).toBe(true);
  expect(manifest.maps).toHaveLength(1);
  return manifest.maps[0]!;
}

async function pixels(path: string, { left, top, width, height }: Rect): Promise<Buffer> {
  return sharp(path).extract({ left, top, width, height }).removeAlpha().raw().toBuffer();
}

async function folderWithLargePicture(): Promise<string> {
  const folder = await userFolder();
  await writePicture(join(folder, "x.png"), 5, SIZE.width, SIZE.height);
  return folder;
}

describe("gradlens cam --strip", () => {
  it("puts picture, map and overlay beside each other as they are, at 300 pixels an inch", async () => {
    const folder = await folderWithLargePicture();
    expect((await run(folder, [...MINE, "--strip", "--colormap", "gray", "--heat"])).code).toBe(0);
    const { strip, overlay, heat } = mapIn(folder);
    expect(strip).toBe("gradcam-dog.strip.png");
    const path = join(folder, DIR, strip!);
    const { cells, width, height } = layoutStrip(SIZE, ["picture", "gradcam", "dog 0.905"], measure);
    expect(await sharp(path).metadata()).toMatchObject({ width, height, density: 300, channels: 3 });
    const whole = { left: 0, top: 0, ...SIZE };
    expect(await pixels(path, cells[0]!)).toEqual(await pixels(join(folder, "x.png"), whole));
    expect(await pixels(path, cells[2]!)).toEqual(await pixels(join(folder, DIR, overlay), whole));
    // In the colormap gray the map is what --heat writes, which rounds where colours truncate.
    const [shown, grey] = [await pixels(path, cells[1]!), await pixels(join(folder, DIR, heat!), whole)];
    const channels = grey.length === shown.length ? 3 : 1;
    for (let i = 0; i < SIZE.width * SIZE.height; i += 97)
      expect(Math.abs(shown[3 * i]! - grey[channels * i]!)).toBeLessThanOrEqual(1);
  });

  it("is drawn again where --guided or other colours are asked for, and else kept", async () => {
    const folder = await folderWithLargePicture();
    const width = async (): Promise<number> =>
      (await sharp(join(folder, DIR, "gradcam-dog.strip.png")).metadata()).width;
    await run(folder, [...MINE, "--strip"]);
    const three = await width();
    expect((await run(folder, [...MINE, "--strip"])).asked).toEqual([]);
    await run(folder, [...MINE, "--npy"]);
    expect(mapIn(folder).strip).toBe("gradcam-dog.strip.png");
    await run(folder, [...MINE, "--strip", "--guided"]);
    expect(await width()).toBeGreaterThan(1.3 * three);
    await run(folder, [...MINE, "--colormap", "viridis"]);
    expect(mapIn(folder).strip).toBeUndefined();
    expect(tree(join(folder, DIR)).filter((name) => name.includes("strip"))).toEqual([]);
  });

  it("shows guided Grad-CAM where the model's crop was", async () => {
    const folder = await folderWithLargePicture();
    await run(folder, [...MINE, "--strip", "--guided", "--size", "6", "--crop-pct", "0.5"]);
    const cell = layoutStrip(SIZE, ["", "", "", ""], measure).cells[3]!;
    const path = join(folder, DIR, "gradcam-dog.strip.png");
    // Outside of the crop there is plain ground; in its middle there are pixels of the gradient.
    const edge = await pixels(path, { ...cell, width: SIZE.width / 5 });
    expect(new Set(edge).size).toBeLessThanOrEqual(3);
    const middle = { left: cell.left + 100, top: cell.top + 80, width: 100, height: 100 };
    expect(new Set(await pixels(path, middle)).size).toBeGreaterThan(3);
  });
});

describe("the layout of a strip", () => {
  it.each([
    [
      { width: 16, height: 16 },
      { width: 256, height: 256 },
    ],
    [
      { width: 500, height: 100 },
      { width: 500, height: 100 },
    ],
    [
      { width: 3000, height: 2000 },
      { width: 1024, height: 683 },
    ],
    [
      { width: 20, height: 900 },
      { width: 20, height: 900 },
    ],
  ])("of %j", (picture, cell) => {
    const labels = ["picture", "gradcam", "胸腔积液（左侧，大量）".repeat(9), "guided gradcam"];
    const { cells, texts, width, height } = layoutStrip(picture, labels, measure);
    for (const [i, one] of cells.entries()) {
      expect(one).toMatchObject(cell);
      if (i > 0) expect(one.left).toBeGreaterThan(cells[i - 1]!.left + cells[i - 1]!.width);
    }
    expect(cells.at(-1)!.left + cell.width).toBeLessThan(width);
    const bottom = cells[0]!.top + cell.height;
    for (const { text, x, y, px } of texts) {
      expect(x - measure(text, px) / 2).toBeGreaterThanOrEqual(0);
      expect(x + measure(text, px) / 2).toBeLessThanOrEqual(width);
      expect(y - 0.8 * px).toBeGreaterThan(bottom);
      expect(y + 0.3 * px).toBeLessThanOrEqual(height);
    }
  });
});
