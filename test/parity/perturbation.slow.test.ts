/** @file Score-CAM against pytorch-grad-cam's: the model runs once for each channel. */

import { afterAll, beforeAll, expect, test } from "vitest";
import type { Gpu } from "../../src/runtime/gpu.js";
import { expectTensor, loadCase, openTestGpu } from "./harness.js";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openTestGpu();
});
afterAll(() => gpu.dispose());

test.each(["resnet18", "densenet121"])(
  "%s",
  async (name) => {
    const { golden, model, picture } = await loadCase(name, gpu);
    try {
      const { layers, target } = golden.case;
      const counts: number[] = [];
      const { maps } = await model.explain(picture, {
        methods: ["scorecam"],
        layers,
        targets: [target, 0],
        onProgress: ({ done, what }) => what.startsWith("scorecam") && counts.push(done),
      });
      expectTensor(golden, "cam.scorecam", maps[0]!.data);
      expect(counts[0]).toBe(0);
      expect(counts).toEqual([...counts].sort((a, b) => a - b));
    } finally {
      model.dispose();
    }
  },
  300_000,
);
