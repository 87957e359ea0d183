/** @file `gradlens cam --boxes`: the regions of all pictures of a run in one file, with a tiny model. */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CamMap } from "../../src/cam/request/types.js";
import type { LoadedModel } from "../../src/cli/engine/engine.js";
import { run, tree, userFolder, writePicture, writeWeights } from "./fake.js";

const PLAIN = ["cam", "--weights", "weights.safetensors", "--image", "in"];
const CAM = [...PLAIN, "--threshold", "0.45"];

/** Three pictures, one of them in a folder below, and one that is none. */
async function pictureFolder(): Promise<string> {
  const folder = await userFolder();
  mkdirSync(join(folder, "in/b"), { recursive: true });
  await writePicture(join(folder, "in/a.png"), 1);
  await writePicture(join(folder, "in/b/c, d.png"), 2);
  await writePicture(join(folder, "in/z.png"), 3, 40, 12);
  writeFileSync(join(folder, "in/bad.png"), "no picture");
  return folder;
}

const read = (folder: string, name: string): string => readFileSync(join(folder, "out", name), "utf8");

interface Coco {
  readonly images: readonly { id: number; file_name: string; width: number; height: number }[];
  readonly categories: readonly { id: number; name: string }[];
  readonly annotations: readonly Record<string, unknown>[];
}

const cocoIn = (folder: string): Coco => JSON.parse(read(folder, "boxes-weights.coco.json")) as Coco;

describe("--boxes", () => {
  it("--boxes as coco writes one data set of the run: images by their place, categories the model's labels", async () => {
    const folder = await pictureFolder();
    const { code, stderr } = await run(folder, [...CAM, "--boxes", "coco", "--target", "dog,cat"]);
    expect(code).toBe(1);
    expect(stderr).toContain(join("out", "boxes-weights.coco.json"));
    const { images, categories, annotations } = cocoIn(folder);
    expect(images).toEqual([
      { id: 1, file_name: "a.png", width: 20, height: 12 },
      { id: 2, file_name: "b/c, d.png", width: 20, height: 12 },
      { id: 4, file_name: "z.png", width: 40, height: 12 },
    ]);
    expect(categories).toEqual([
      { id: 0, name: "cat" },
      { id: 1, name: "dog" },
      { id: 2, name: "Pleural Thickening" },
    ]);
    expect(annotations).toHaveLength(6);
    // Bilinear heat of the one hot pixel (1, 0) of the 8x6 map: 0.45 or more at x = 2 in row 0, at x = 3 and 4 in rows 0 and 1.
    expect(annotations[0]).toEqual({
      id: 1,
      image_id: 1,
      category_id: 1,
      bbox: [2, 0, 3, 2],
      area: 5,
      segmentation: { size: [12, 20], counts: [24, 1, 11, 2, 10, 2, 190] },
      iscrowd: 0,
      score: expect.closeTo(0.90465, 3) as number,
      method: "gradcam",
      overlay: "a/weights/gradcam-dog.png",
      mean_heat: expect.any(Number) as number,
      max_heat: expect.any(Number) as number,
      peak: [3, 0],
    });
    expect(annotations.map(({ id, image_id, category_id }) => [id, image_id, category_id])).toEqual([
      [1, 1, 1],
      [2, 1, 0],
      [3, 2, 1],
      [4, 2, 0],
      [5, 4, 1],
      [6, 4, 0],
    ]);
  });

  it("--boxes as csv and as json hold the same regions, one a row", async () => {
    const folder = await pictureFolder();
    await run(folder, [...CAM, "--boxes", "json,csv"]);
    const { boxes, threshold } = JSON.parse(read(folder, "boxes-weights.json")) as {
      threshold: number;
      boxes: Record<string, unknown>[];
    };
    expect(threshold).toBe(0.45);
    expect(boxes[1]).toMatchObject({
      picture: { file: "b/c, d.png", width: 20, height: 12 },
      overlay: "b/c, d/weights/gradcam-dog.png",
      method: "gradcam",
      layers: ["features.norm5"],
      target: {
        index: 1,
        label: "dog",
        logit: expect.closeTo(2.25, 2) as number,
        score: expect.closeTo(0.90465, 3) as number,
      },
      level: 0.45,
      box: [2, 0, 3, 2],
      area: 5,
      peak: [3, 0],
    });
    const lines = read(folder, "boxes-weights.csv").split("\r\n");
    expect(lines).toHaveLength(1 + 3 + 1);
    expect(lines[0]).toBe(
      "picture,model,picture_width,picture_height,overlay,method,layers,class,label,logit,score,threshold,level,x,y,width,height,area,mean_heat,max_heat,peak_x,peak_y",
    );
    const { meanHeat, maxHeat, target } = boxes[1] as {
      meanHeat: number;
      maxHeat: number;
      target: { logit: number; score: number };
    };
    expect(lines[2]).toBe(
      `"b/c, d",weights,20,12,"b/c, d/weights/gradcam-dog.png",gradcam,features.norm5,1,dog,${target.logit},${target.score},0.45,0.45,2,0,3,2,5,${meanHeat},${maxHeat},3,0`,
    );
  });

  it("--boxes writes the same file where all is complete already, and leaves out regions of another threshold", async () => {
    const folder = await pictureFolder();
    await run(folder, [...CAM, "--target", "dog"]);
    await run(folder, [...PLAIN, "--target", "cat", "--threshold", "0.6"]);
    const again = await run(folder, [...CAM, "--target", "dog", "--boxes", "coco"]);
    expect(again.asked).toEqual([]);
    expect(cocoIn(folder).annotations.map((one) => one["category_id"])).toEqual([1, 1, 1]);
  });

  it("--boxes writes a file for each model", async () => {
    const folder = await pictureFolder();
    await writeWeights(join(folder, "other.safetensors"), 2);
    const two = [...CAM, "--weights", "other.safetensors", "--boxes", "csv"];
    await run(folder, two);
    const files = tree(join(folder, "out")).filter((name) => name.startsWith("boxes-"));
    expect(files).toEqual(["boxes-other.csv", "boxes-weights.csv"]);
    expect(read(folder, "boxes-other.csv")).toContain("a/other/gradcam-dog.png");
  });

  it("--boxes replaces our files, and those of others only with --force", async () => {
    const folder = await pictureFolder();
    await run(folder, [...CAM, "--boxes", "csv,coco,json"]);
    expect((await run(folder, [...CAM, "--boxes", "csv,coco,json"])).stderr).not.toContain("--force");
    writeFileSync(join(folder, "out/boxes-weights.csv"), "theirs");
    const refused = await run(folder, [...CAM, "--target", "cat", "--boxes", "csv"]);
    expect(refused).toMatchObject({ code: 2, asked: [] });
    expect(refused.stderr).toMatch(/boxes-weights\.csv was not written by gradlens: --force/);
    expect(read(folder, "boxes-weights.csv")).toBe("theirs");
    await run(folder, [...CAM, "--boxes", "csv", "--force"]);
    expect(read(folder, "boxes-weights.csv")).toContain("gradcam");
  });

  it("--boxes holds the complete pictures after Ctrl-C", async () => {
    const folder = await pictureFolder();
    const stop = new AbortController();
    const target = { index: 1, label: "dog", logit: 2.25, score: 0.9 };
    const map: CamMap = {
      ...{ method: "gradcam", layers: ["features.norm5"], target },
      ...{ data: new Float32Array(48).fill(1), shape: [6, 8], peak: [0, 0] },
    };
    const logits = Float32Array.of(-1.5, 2.25, 0.5);
    let explained = 0;
    const explain: LoadedModel["explain"] = async () => {
      if (++explained === 2) stop.abort();
      await Promise.resolve();
      stop.signal.throwIfAborted();
      return { logits, scores: logits, targets: [target], maps: [map], timings: {} };
    };
    const ran = await run(folder, [...CAM, "--boxes", "coco"], { signal: stop.signal, model: { explain } });
    expect(ran.code).toBe(130);
    expect(cocoIn(folder).images).toHaveLength(1);
  });
});
