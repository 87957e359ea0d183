/** @file The shipped photo demo on the adapter, against PyTorch (tools/make_photo_reference.py). */

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadModel, type Gpu } from "../../src/index.js";
import { DEMOS } from "../../src/options/demos.js";
import { readPicture } from "../../src/node/read-picture.js";
import { openTestGpu } from "./harness.js";

const at = (path: string): URL => new URL(`../../${path}`, import.meta.url);
const { logits, maps } = JSON.parse(readFileSync(at("test/data/photo-demo.json"), "utf8")) as {
  logits: readonly number[];
  maps: Readonly<Record<string, readonly number[]>>;
};

/** The reference has every 14th row and column. */
const STEP = 14;

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openTestGpu();
});
afterAll(() => gpu.dispose());

it("the photo demo's logits and maps are PyTorch's, and its two labels are in their halves", async () => {
  const { weights, picture, targets } = DEMOS.photo;
  const model = await loadModel(new Uint8Array(readFileSync(at(weights))), { gpu });
  try {
    const explained = await model.explain(await readPicture(at(picture)), { targets: [...targets] });
    const most = Math.max(...logits.map((logit, i) => Math.abs(logit - explained.logits[i]!)));
    expect(most).toBeLessThan(1e-4);
    expect(model.labels![explained.logits.indexOf(Math.max(...explained.logits))]).toBe(targets[0]);
    for (const { target, data, shape, peak } of explained.maps) {
      const wanted = maps[target.label!]!;
      const width = shape[1] / STEP;
      const largest = wanted.reduce((max, value, i) => {
        const found = data[Math.floor(i / width) * STEP * shape[1] + (i % width) * STEP]!;
        return Math.max(max, Math.abs(found - value));
      }, 0);
      expect(largest).toBeLessThan(1e-3);
      expect(peak[0] < shape[1] / 2).toBe(target.label === targets[0]);
    }
    expect(explained.maps).toHaveLength(2);
  } finally {
    model.dispose();
  }
});
