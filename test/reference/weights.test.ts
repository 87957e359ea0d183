/** @file The made weights against the design's check values, and the golden loader. */

import { describe, expect, test } from "vitest";
import { channelsLast, goldenKeys, goldenWeights, loadGolden } from "./golden.js";
import { makeWeight } from "./weights.js";

describe("made weights", () => {
  test("made weights begin as the Python rule's do", () => {
    const w = makeWeight("features.conv0.weight", [64, 3, 7, 7], 1, Math.SQRT2);
    [-0.0664369166, 0.1534456164, -0.0882684067].forEach((value, i) => expect(w[i]).toBeCloseTo(value, 9));
  });

  test("made weights cover a golden case's floating-point keys with their shapes", () => {
    const weights = goldenWeights("densenet121");
    const keys = Object.keys(goldenKeys("densenet121")).filter((k) => !k.endsWith("num_batches_tracked"));
    expect([...weights.keys()]).toEqual(keys);
    expect(weights.get("classifier.weight")!.shape).toEqual([14, 1024]);
    const variance = weights.get("features.norm5.running_var")!.data;
    expect(variance.every((v) => v >= 0.7 && v <= 1.3)).toBe(true);
  });
});

describe("golden data", () => {
  test("golden data is read with its case", () => {
    const golden = loadGolden("densenet121-half-rect");
    expect(golden.case).toMatchObject({ size: [128, 96], classes: 14, target: 1 });
    expect(golden.floats("input").shape).toEqual([1, 3, 128, 96]);
    expect(golden.floats("logits").data).toHaveLength(14);
    expect(golden.tensors.get("overlay")!.data).toBeInstanceOf(Uint8Array);
    expect(() => golden.floats("overlay")).toThrow("overlay");
  });

  test("golden data turns to channels last", () => {
    const nchw = { shape: [1, 2, 1, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) };
    expect([...channelsLast(nchw).data]).toEqual([1, 4, 2, 5, 3, 6]);
  });
});
