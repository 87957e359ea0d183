/** @file `gradlens cam --threshold`: masks, contours and the regions of the manifest, with a tiny model. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import type { CamMap, Explanation } from "../../src/cam/request/types.js";
import type { Manifest } from "../../src/results/manifest.js";
import { run, tree, userFolder } from "./fake.js";
import { DIR, manifestIn, MINE } from "./made-manifest.js";

const mapsIn = (folder: string): Manifest["maps"] => manifestIn(folder).maps;

/** What a model would say whose only map is this. */
function explanationWith(facts: Pick<CamMap, "data"> & Partial<CamMap>): Explanation {
  const target = { index: 1, label: "dog", logit: 2.25, score: 0.9 };
  const map: CamMap = {
    ...{ method: "gradcam", layers: ["features.norm5"], target, shape: [6, 8], peak: [0, 0] },
    ...facts,
  };
  return {
    logits: Float32Array.of(-1.5, 2.25, 0.5),
    scores: Float32Array.of(0.18, 0.9, 0.62),
    targets: [target],
    maps: [map],
    timings: {},
  };
}

const grey = (folder: string, name: string): Promise<Buffer> =>
  sharp(join(folder, DIR, name))
    .extractChannel(0)
    .raw()
    .toBuffer();

describe("with --threshold", () => {
  it("--threshold writes a map's mask, and its regions in the picture's pixels", async () => {
    const folder = await userFolder();
    const { code, stderr } = await run(folder, [...MINE, "--threshold", "0.5", "--heat", "16"]);
    expect(code).toBe(0);
    expect(tree(join(folder, DIR))).toEqual([
      "gradcam-dog.heat.png",
      "gradcam-dog.mask.png",
      "gradcam-dog.png",
      "manifest.json",
    ]);
    const mask = sharp(join(folder, DIR, "gradcam-dog.mask.png"));
    expect(await mask.metadata()).toMatchObject({ width: 20, height: 12, channels: 1, depth: "uchar" });
    // The heat as it is written, thresholded.
    const heat = await sharp(join(folder, DIR, "gradcam-dog.heat.png"))
      .toColourspace("grey16")
      .raw({ depth: "ushort" })
      .toBuffer();
    const heat16 = new Uint16Array(heat.buffer, heat.byteOffset, heat.length / 2);
    const white = await grey(folder, "gradcam-dog.mask.png");
    expect([...white]).toEqual(Array.from(heat16, (v) => (v >= 0.5 * 65535 ? 255 : 0)));
    const [map] = mapsIn(folder);
    expect(map).toMatchObject({
      mask: "gradcam-dog.mask.png",
      rendering: { threshold: 0.5, minArea: 0 },
      regions: { threshold: 0.5, minArea: 0, level: 0.5 },
    });
    // One hot pixel of the 8x6 map, at (1, 0), spread over 2.5 by 2 pixels of the picture and between.
    const inside = [...white.keys()].filter((i) => white[i] === 255);
    const xs = inside.map((i) => i % 20);
    const ys = inside.map((i) => Math.floor(i / 20));
    const box = [Math.min(...xs), 0, Math.max(...xs) - Math.min(...xs) + 1, Math.max(...ys) + 1];
    expect(map!.regions!.found).toMatchObject([{ box, area: inside.length, peak: map!.peak }]);
    expect(stderr).toContain(
      `gradcam-dog.png: 1 region from a heat of 0.500 up, the hottest ${box[2]}x${box[3]} at ${box[0]},0`,
    );
  });

  it("--threshold outlines the overlay, and draws it anew where the threshold is another", async () => {
    const folder = await userFolder();
    await run(folder, MINE);
    const plain = await grey(folder, "gradcam-dog.png");
    const first = await run(folder, [...MINE, "--threshold", "0.5"]);
    expect(first.stderr).not.toContain("Complete");
    const outlined = await grey(folder, "gradcam-dog.png");
    const changed = [...plain.keys()].filter((i) => plain[i] !== outlined[i]);
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.length).toBeLessThan(40);
    expect((await run(folder, [...MINE, "--threshold", "0.5"])).stderr).toContain("Complete");
    expect((await run(folder, [...MINE, "--threshold", "p98"])).stderr).not.toContain("Complete");
    expect(mapsIn(folder)[0]!.regions).toMatchObject({ threshold: "p98" });
    expect((await run(folder, [...MINE, "--threshold", "p98", "--min-area", "0.5"])).stderr).toContain(
      "no region of at least 0.5 of the picture from a heat of ",
    );
    expect(mapsIn(folder)[0]!.regions).toMatchObject({ minArea: 0.5, found: [] });
    expect((await grey(folder, "gradcam-dog.mask.png")).every((value) => value === 0)).toBe(true);
  });

  it("--threshold's regions stay where a later drawing asks for none", async () => {
    const folder = await userFolder();
    await run(folder, [...MINE, "--threshold", "otsu"]);
    await run(folder, [...MINE, "--alpha", "0.3"]);
    const [map] = mapsIn(folder);
    expect(map!.rendering).not.toHaveProperty("threshold");
    expect(map!.regions).toMatchObject({ threshold: "otsu" });
    expect(existsSync(join(folder, DIR, map!.mask!))).toBe(true);
  });

  it("--threshold with --overlay-size input writes a mask of that size, and boxes in the picture's pixels", async () => {
    const folder = await userFolder();
    const how = ["--size", "6", "--crop-pct", "0.5", "--threshold", "0.5"];
    await run(folder, [...MINE, ...how, "--overlay-size", "input"]);
    expect(await sharp(join(folder, DIR, "gradcam-dog.mask.png")).metadata()).toMatchObject({
      width: 6,
      height: 6,
    });
    const [asInput] = mapsIn(folder);
    // The picture of 20x12 is at twice the crop's size: the crop is its 6x6 pixels from (7, 3) on, the hot one (1, 0).
    expect(asInput!.regions!.found).toMatchObject([{ box: [8, 3, 1, 1], area: 1, peak: [8, 3] }]);
    expect(asInput!.regions!.found[0]!.segmentation).toEqual({
      size: [12, 20],
      counts: [8 * 12 + 3, 1, 240 - 100],
    });
    const white = await grey(folder, "gradcam-dog.mask.png");
    expect([...white.keys()].filter((i) => white[i] === 255)).toEqual([1]);
    await run(folder, [...MINE, ...how]);
    expect(mapsIn(folder)[0]!.regions).toEqual(asInput!.regions);
  });

  it("--threshold gives a flat map an empty mask and no regions", async () => {
    const folder = await userFolder();
    const explanation = explanationWith({ data: new Float32Array(48), flat: "all is negative" });
    const explain = () => Promise.resolve(explanation);
    const { stderr } = await run(folder, [...MINE, "--threshold", "0"], { model: { explain } });
    expect(stderr).toContain("all is negative");
    expect(stderr).not.toContain("Regions");
    expect(mapsIn(folder)[0]!.regions).toEqual({ threshold: 0, minArea: 0, level: 0, found: [] });
    expect((await grey(folder, "gradcam-dog.mask.png")).every((value) => value === 0)).toBe(true);
  });
  it("--threshold finds regions of what speaks for the label in a signed map, and words where nothing does", async () => {
    const folder = await userFolder();
    const data = Float32Array.from({ length: 48 }, (_, i) => (i % 8 < 4 ? -1 : 0.5));
    const explainWith = (map: Float32Array) => ({
      explain: () => Promise.resolve(explanationWith({ data: map, signed: true })),
    });
    const how = [...MINE, "--no-relu", "--threshold", "otsu"];
    const both = await run(folder, how, { model: explainWith(data) });
    const [{ regions, noHeat }] = mapsIn(folder) as [Manifest["maps"][number]];
    expect(noHeat).toBeUndefined();
    expect(regions!.found).toHaveLength(1);
    expect(regions!.found[0]!.box[0]).toBeGreaterThanOrEqual(9);
    expect(both.stderr).toContain("1 region");
    const negative = await run(folder, [...how, "--force"], {
      model: explainWith(data.map((value) => value - 0.5)),
    });
    const [map] = mapsIn(folder);
    expect(map).toMatchObject({
      noHeat: "the map is negative or zero everywhere: all of it speaks against this target",
      regions: { found: [] },
    });
    expect(map).not.toHaveProperty("peakNote");
    expect(negative.stderr).toContain(`gradcam-dog-signed.png has nothing hot: ${map!.noHeat}`);
    expect(negative.stderr).not.toContain("region");
  });
  it("--draw-boxes draws the boxes, where the overlay is of the model's input too", async () => {
    const folder = await userFolder();
    const how = ["--threshold", "0.5", "--size", "6", "--crop-pct", "0.5", "--alpha", "0"];
    /** Where the overlay differs from one without boxes, as [x, y]. */
    const drawn = async (width: number, ...more: string[]): Promise<number[][]> => {
      await run(folder, [...MINE, ...how, ...more]);
      const plain = await grey(folder, "gradcam-dog.png");
      const { stderr } = await run(folder, [...MINE, ...how, ...more, "--draw-boxes"]);
      expect(stderr).not.toContain("Complete");
      const boxed = await grey(folder, "gradcam-dog.png");
      const changed = [...boxed.keys()].filter((i) => boxed[i] !== plain[i]);
      for (const i of changed) expect(boxed[i]).toBe(255);
      return changed.map((i) => [i % width, Math.floor(i / width)]);
    };
    // The one region is the pixel (8, 3) of the picture and (1, 0) of the model's input.
    expect(await drawn(20)).toEqual([[8, 3]]);
    expect(mapsIn(folder)[0]!.rendering).toMatchObject({ drawBoxes: true });
    expect(await drawn(6, "--overlay-size", "input")).toEqual([[1, 0]]);
  });
});
