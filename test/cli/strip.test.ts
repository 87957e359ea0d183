/** @file `--strip`: what it shows, and when it is drawn again. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import type { CamMap } from "../../src/cam/request/types.js";
import type { Manifest } from "../../src/results/manifest.js";
import type { Rect } from "../../src/figure/layout/rects.js";
import { layoutStrip, type StripLabel } from "../../src/figure/layout/strip-layout.js";
import { drawPng } from "../../src/figure/drawing/draw-png.js";
import { figureLetters } from "../../src/figure/drawing/letters.js";
import { run, tree, userFolder, writePicture } from "./fake.js";
import { DIR, manifestIn, MINE } from "./made-manifest.js";

const DOG = [...MINE, "--target", "dog"];
const SIZE = { width: 300, height: 260 };
const { measure } = figureLetters();

function mapIn(folder: string): Manifest["maps"][number] {
  const { maps } = manifestIn(folder);
  expect(maps).toHaveLength(1);
  return maps[0]!;
}

/** The second label is the map's, and has its colour scale. */
const labelled = (...texts: string[]): StripLabel[] =>
  texts.map((text, i) => ({ text, ...(i === 1 && { scale: { colormap: "gray", ends: ["0", "1"] } }) }));

async function pixels(path: string, { left, top, width, height }: Rect): Promise<Buffer> {
  return sharp(path).extract({ left, top, width, height }).removeAlpha().raw().toBuffer();
}

async function folderWithLargePicture(): Promise<string> {
  const folder = await userFolder();
  await writePicture(join(folder, "x.png"), 5, SIZE.width, SIZE.height);
  return folder;
}

describe("gradlens cam --strip", () => {
  it("a strip puts picture, map and overlay beside each other as they are, at 300 pixels an inch", async () => {
    const folder = await folderWithLargePicture();
    expect((await run(folder, [...DOG, "--strip", "--colormap", "gray", "--heat"])).code).toBe(0);
    const { strip, overlay, heat } = mapIn(folder);
    expect(strip).toBe("gradcam-dog.strip.png");
    const path = join(folder, DIR, strip!);
    const { cells, width, height } = layoutStrip(SIZE, labelled("picture", "gradcam", "dog 0.905"), measure);
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

  it("a strip is drawn again for --guided or other colours, and else kept", async () => {
    const folder = await folderWithLargePicture();
    const width = async (): Promise<number> =>
      (await sharp(join(folder, DIR, "gradcam-dog.strip.png")).metadata()).width;
    await run(folder, [...DOG, "--strip"]);
    const three = await width();
    expect((await run(folder, [...DOG, "--strip"])).asked).toEqual([]);
    await run(folder, [...DOG, "--npy"]);
    expect(mapIn(folder).strip).toBe("gradcam-dog.strip.png");
    await run(folder, [...DOG, "--strip", "--guided"]);
    expect(await width()).toBeGreaterThan(1.3 * three);
    await run(folder, [...DOG, "--colormap", "viridis"]);
    expect(mapIn(folder).strip).toBeUndefined();
    expect(tree(join(folder, DIR)).filter((name) => name.includes("strip"))).toEqual([]);
  });

  it("a strip of a signed map stays where the map is drawn alike", async () => {
    const folder = await userFolder();
    await run(folder, [...DOG, "--no-relu", "--strip"]);
    await run(folder, [...DOG, "--no-relu", "--npy"]);
    expect(mapIn(folder)).toMatchObject({
      npy: "gradcam-dog-signed.npy",
      strip: "gradcam-dog-signed.strip.png",
    });
  });

  it("a strip shows guided Grad-CAM where the model's crop was", async () => {
    const folder = await folderWithLargePicture();
    await run(folder, [...DOG, "--strip", "--guided", "--size", "6", "--crop-pct", "0.5"]);
    const cell = layoutStrip(SIZE, labelled("", "", "", ""), measure).cells[3]!;
    const path = join(folder, DIR, "gradcam-dog.strip.png");
    // Outside of the crop there is plain ground; around the hot pixel (1, 0) of its 6x6 there are pixels of the gradient.
    const edge = await pixels(path, { ...cell, width: SIZE.width / 5 });
    expect(new Set(edge).size).toBeLessThanOrEqual(3);
    // The crop is the 130x130 pixels from (85, 65) on.
    const hot = { left: cell.left + 85, top: cell.top + 65, width: 65, height: 45 };
    expect(new Set(await pixels(path, hot)).size).toBeGreaterThan(3);
  });

  it("a strip outlines regions of a tiny picture by lines thinner than its pixels", async () => {
    const folder = await userFolder();
    await run(folder, [...DOG, "--strip", "--threshold", "0.5", "--alpha", "1", "--colormap", "gray"]);
    const { strip, regions } = mapIn(folder);
    const cell = layoutStrip({ width: 20, height: 12 }, labelled("", "", ""), measure).cells[2]!;
    const times = cell.width / 20;
    expect(times).toBeGreaterThan(4);
    const shown = await pixels(join(folder, DIR, strip!), cell);
    // The hottest pixel is as white as the line, the others are not.
    const [x, y, width, height] = regions!.found[0]!.box;
    const whites = [...Array(cell.height).keys()].map((row) => {
      const at = 3 * (row * cell.width + Math.round((x + width / 2) * times));
      return shown[at]!;
    });
    const below = whites.slice((y + height) * times - times, (y + height + 1) * times);
    expect(below.filter((value) => value === 255)).toHaveLength(2);
    expect(below.filter((value) => value === 0)).toHaveLength(2);
  });

  it("the run names the letters that its fonts lack once for grid and strips together", async () => {
    const folder = await userFolder();
    await writePicture(join(folder, "y.png"), 9);
    writeFileSync(join(folder, "names.txt"), "c\nแมว\nd\n");
    const labels = ["--labels", "names.txt", "--target", "แมว"];
    const two = ["cam", "--weights", "weights.safetensors", "--image", "x.png", "y.png", ...labels];
    const { stderr } = await run(folder, [...two, "--strip", "--grid"]);
    expect(stderr.match(/no font of gradlens has แ ม ว: /g)).toHaveLength(1);
    const again = await run(folder, [...two, "--strip"]);
    expect(again.stderr).not.toContain("no font");
    const anew = await run(folder, [...two, "--strip", "--alpha", "0.3"]);
    expect(anew.stderr.match(/no font of gradlens has แ ม ว: /g)).toHaveLength(1);
  });

  it.each([
    [{ flat: "why" }, new Float32Array(48), "gradcam (flat)"],
    [{ signed: true } as const, new Float32Array(48).fill(-1), "gradcam (all negative)"],
  ])("a strip says in words what a map without heat is: %j", async (facts, data, caption) => {
    const folder = await userFolder();
    const target = { index: 1, label: "dog", logit: 2.25, score: 0.905 };
    const map: CamMap = {
      ...{ method: "gradcam", layers: ["features.norm5"], target, data, shape: [6, 8], peak: [0, 0] },
      ...facts,
    };
    const logits = Float32Array.of(-1.5, 2.25, 0.5);
    const explain = () =>
      Promise.resolve({ logits, scores: logits, targets: [target], maps: [map], timings: {} });
    await run(folder, [...DOG, "--strip", ...(map.signed ? ["--no-relu"] : [])], { model: { explain } });
    const size = { width: 20, height: 12 };
    const [first, second, third] = labelled("picture", caption, "dog 0.905");
    const scale = map.signed
      ? ({ colormap: "bwr", ends: ["-1", "1"] } as const)
      : ({ colormap: "jet", ends: ["0", "1"] } as const);
    const layout = layoutStrip(size, [first!, { ...second!, scale }, third!], measure);
    const [cell] = layout.cells as [Rect];
    const band = { left: 0, top: cell.top + cell.height, width: layout.width };
    const captions = { ...band, height: layout.height - band.top };
    const alone = await drawPng({ ...layout, density: 300, pictures: [], boxes: [] });
    const drawn = await sharp(alone).extract(captions).removeAlpha().raw().toBuffer();
    expect(await pixels(join(folder, DIR, mapIn(folder).strip!), captions)).toEqual(drawn);
  });
});

describe("the layout of a strip", () => {
  const LABELS: readonly StripLabel[] = [
    { text: "picture" },
    { text: "smoothgradcam++ (flat)", scale: { colormap: "jet", ends: ["-1", "1"] } },
    { text: "胸腔积液（左侧，大量）".repeat(19), score: "0.905" },
    { text: "guided smoothgradcam++" },
  ];

  it.each([
    [
      { width: 16, height: 16 },
      { width: 256, height: 256 },
    ],
    [
      { width: 40, height: 40 },
      { width: 240, height: 240 },
    ],
    [
      { width: 3000, height: 2000 },
      { width: 1024, height: 683 },
    ],
    [
      { width: 20, height: 900 },
      { width: 20, height: 900 },
    ],
    [
      { width: 500, height: 100 },
      { width: 500, height: 100 },
    ],
    [
      { width: 14, height: 2 },
      { width: 252, height: 36 },
    ],
  ])("the parts of a strip of %j fit and do not overlap", (picture, cell) => {
    const { cells, texts, colorBars, width, height } = layoutStrip(picture, LABELS, measure);
    // Wide pictures lie one below the other, each above its own label.
    const stacked = picture.width > 2.5 * picture.height;
    for (const [i, one] of cells.entries()) {
      expect(one).toMatchObject(cell);
      if (i === 0) continue;
      const before = cells[i - 1]!;
      if (stacked) expect(one).toMatchObject({ left: before.left });
      else expect(one).toMatchObject({ top: before.top });
      expect(stacked ? one.top : one.left).toBeGreaterThan(
        stacked ? before.top + before.height : before.left + before.width,
      );
    }
    expect(Math.max(...cells.map(({ left }) => left + cell.width))).toBeLessThan(width);
    for (const { text, x, y, px, anchor } of texts) {
      const left = x - { start: 0, middle: 0.5, end: 1 }[anchor] * measure(text, px);
      const right = left + measure(text, px);
      expect(left).toBeGreaterThanOrEqual(0);
      expect(right).toBeLessThanOrEqual(width);
      expect(y + 0.3 * px).toBeLessThanOrEqual(height);
      for (const one of cells) {
        const apart = right <= one.left || left >= one.left + one.width;
        const below = y - 0.8 * px > one.top + one.height || y + 0.3 * px < one.top;
        expect(apart || below).toBe(true);
      }
    }
    // The bar lies in the middle below its map, between the labels of its ends.
    const [{ at: bar }] = colorBars as [(typeof colorBars)[number]];
    const [least, greatest] = texts.filter(({ anchor }) => anchor !== "middle");
    expect([least!.text, greatest!.text]).toEqual(["-1", "1"]);
    expect(least!.x).toBeLessThan(bar.left);
    expect(greatest!.x).toBeGreaterThan(bar.left + bar.width);
    expect(bar.top).toBeGreaterThan(cells[1]!.top + cells[1]!.height);
    const middleOf = (rect: Rect): number => rect.left + rect.width / 2;
    expect(Math.abs(middleOf(bar) - middleOf(cells[1]!))).toBeLessThanOrEqual(1);
    const all = texts.map(({ text }) => text).join(" ");
    for (const word of ["picture", "smoothgradcam++", "(flat)", "guided", "... 0.905"])
      expect(all).toContain(word);
  });
});
