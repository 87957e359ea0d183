/** @file The newer methods through the library against pytorch-grad-cam's (tools/make_method_reference.py). */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MethodName } from "../../src/cam/methods/table.js";
import { METHODS } from "../../src/cam/methods/table.js";
import type { Gpu } from "../../src/runtime/gpu.js";
import { readTensors } from "../reference/golden.js";
import { largestDeviation } from "../cam/golden-layers.js";
import { loadCase, openTestGpu } from "./harness.js";

const { tensors } = readTensors(new URL("../data/methods.safetensors", import.meta.url));

const methodsOf = new Map<string, MethodName[]>();
for (const key of tensors.keys()) {
  const [name, method] = key.split(".") as [string, MethodName];
  methodsOf.set(name, [...(methodsOf.get(name) ?? []), method]);
}

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openTestGpu();
});
afterAll(() => gpu.dispose());

/** PGC differentiates NCHW copies in float64; ours is f32 throughout. */
const TOLERANCE = 1e-3;

test.each([...methodsOf])("newer methods of %s are pytorch-grad-cam's", async (name, methods) => {
  const { golden, model, picture } = await loadCase(name, gpu);
  try {
    const { layers, target } = golden.case;
    const other = target === 0 ? 1 : 0;
    // With another target and another method beside them, which must change nothing.
    const { maps } = await model.explain(picture, {
      methods: [...methods, "gradcam"],
      layers,
      targets: [other, target],
    });
    for (const map of maps) {
      if (map.target.index !== target) continue;
      const key = map.method === "gradcam" ? undefined : `${name}.${map.method}`;
      const want = key ? tensors.get(key)!.data : golden.floats("cam.gradcam").data;
      expect(largestDeviation(map.data, want), map.method).toBeLessThan(TOLERANCE);
    }
  } finally {
    model.dispose();
  }
});

describe("the original CAM", () => {
  test("the original CAM equals gradcam where the head pools the layer itself, and differs where a ReLU lies between", async () => {
    for (const [name, equal] of [
      ["resnet18", true],
      ["mnasnet1_0", true],
      ["pvt_v2_b0", true],
      ["densenet121", false],
    ] as const) {
      const { golden, model, picture } = await loadCase(name, gpu);
      try {
        // At the usual layer of each.
        const { maps } = await model.explain(picture, {
          methods: ["cam", "gradcam"],
          targets: golden.case.target,
        });
        const apart = largestDeviation(maps[0]!.data, maps[1]!.data);
        if (equal) expect(apart, name).toBeLessThan(1e-4);
        else expect(apart, name).toBeGreaterThan(0.05);
      } finally {
        model.dispose();
      }
    }
  });

  test("the original CAM is refused where it is not defined, with the alternative; other methods run", async () => {
    const { model, picture } = await loadCase("resnet18", gpu);
    try {
      const layers = ["layer3[-1]"];
      await expect(model.explain(picture, { methods: ["cam"], layers })).rejects.toMatchObject({
        code: "unsupported",
        message:
          "the original CAM explains the layer that the head pools, layer4, not layer3.1; use that layer, or gradcam instead",
      });
      const { maps, refused } = await model.explain(picture, { methods: ["cam", "gradcam"], layers });
      expect(maps.map((map) => map.method)).toEqual(["gradcam"]);
      expect(refused).toEqual([{ method: "cam", reason: expect.stringContaining("layer4") as string }]);
    } finally {
      model.dispose();
    }
    const vit = await loadCase("vit_tiny_patch16_224", gpu);
    try {
      await expect(vit.model.explain(vit.picture, { methods: ["cam"] })).rejects.toMatchObject({
        code: "unsupported",
        message: expect.stringContaining("which vit_tiny_patch16_224 lacks; use gradcam") as string,
      });
    } finally {
      vit.model.dispose();
    }
  });
});

test("randomcam follows from its seed, layer and label alone", async () => {
  const { model, picture } = await loadCase("resnet18", gpu);
  const draw = async (options: { seed?: number; targets: number[] }): Promise<Float32Array> => {
    const { maps } = await model.explain(picture, { methods: ["randomcam"], ...options });
    return maps.find((map) => map.target.index === 3)!.data;
  };
  try {
    const first = await draw({ targets: [3] });
    expect(await draw({ targets: [1, 3], seed: 0 })).toEqual(first);
    expect(largestDeviation(await draw({ targets: [3], seed: 1 }), first)).toBeGreaterThan(0.1);
  } finally {
    model.dispose();
  }
});

test("every method has a title and a source", () => {
  for (const [name, { title, paper }] of Object.entries(METHODS)) {
    expect(title, name).not.toBe("");
    expect(paper, name).toMatch(/https:\/\/|pytorch-grad-cam/);
  }
});
