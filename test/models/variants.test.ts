/** @file Networks in other spellings and at other sizes against PyTorch's float64. */

import { describe, expect, it, test } from "vitest";
import { instantiateAfter, split } from "../../src/graph/split.js";
import type { Pair } from "../../src/graph/types.js";
import { buildTemplate } from "../../src/models/registry.js";
import type { Template } from "../../src/models/template.js";
import { evaluate } from "../reference/index.js";
import { makeWeight } from "../reference/weights.js";
import { testModelCases } from "./interpreter-golden.js";

testModelCases("always");

test("a version-1 MNasNet keeps its stem of 32 and 16 channels", () => {
  const { graph } = buildTemplate("mnasnet0_5", {
    size: [64, 64],
    channels: 3,
    classes: 5,
    shapes: new Map([["layers.0.weight", [32, 3, 3, 3]]]),
  });
  // torchvision's MNASNet._load_from_state_dict: everything after the stem is as in version 2.
  expect(graph.params.get("layers.0.weight")?.shape).toEqual([32, 3, 3, 3]);
  expect(graph.params.get("layers.6.weight")?.shape).toEqual([16, 32, 1, 1]);
  expect(graph.params.get("layers.8.0.layers.0.weight")?.shape).toEqual([48, 16, 1, 1]);
  expect(graph.params.get("layers.8.0.layers.6.weight")?.shape).toEqual([16, 48, 1, 1]);
});

test("a DenseNet refuses pictures below 32 pixels", () => {
  expect(() => buildTemplate("densenet121", { size: [64, 31], channels: 3, classes: 2 })).toThrow(
    /at least 32x32 pixels, not 64x31/,
  );
});

test("Swin's original, whose stages end with the merging, computes what timm's does", () => {
  const ops = (spelling: string): string[] =>
    buildTemplate("swin_tiny_patch4_window7_224", { size: [224, 224], channels: 3, classes: 5, spelling })
      .graph.nodes.filter((n) => n.op !== "param")
      .map((n) => `${n.op} ${n.shape.join("x")} of ${n.inputs.map((x) => x.shape.join("x")).join(", ")}`);
  expect(ops("original")).toEqual(ops("timm"));
});

describe("pretrainedmodels' Inception v3 averages 8x8 positions, as F.avg_pool2d(x, kernel_size=8)", () => {
  const build = (size: Pair): Template =>
    buildTemplate("inception_v3", { size, channels: 3, classes: 0, spelling: "pretrainedmodels" });

  it.each<[Pair, Pair]>([
    [
      [299, 299],
      [8, 8],
    ],
    [
      [340, 554],
      [9, 15],
    ],
  ])("pictures of %j average the first of %j positions", (size, [height, width]) => {
    const { logits, modules } = build(size);
    const last = modules.find(({ path }) => path === "Mixed_7c")!.output!;
    const channels = 2048;
    expect(last.shape.slice(1)).toEqual([height, width, channels]);
    const { copyOf } = instantiateAfter(split([logits], [last]), {
      batch: 1,
      valueOf: (_, b) => b.input("map", [1, height, width, channels]),
    });
    const map = makeWeight("map", [1, height, width, channels], 3, 1);
    const [pooled] = evaluate([copyOf(logits)], { inputs: new Map([["map", map]]), params: new Map() });
    const mean = (channel: number): number => {
      let sum = 0;
      for (let y = 0; y < 8; y++)
        for (let x = 0; x < 8; x++) sum += map[(y * width + x) * channels + channel]!;
      return sum / 64;
    };
    pooled!.data.forEach((value, channel) => expect(value).toBeCloseTo(mean(channel), 12));
  });

  it.each<Pair>([
    [298, 299],
    [299, 555],
  ])("pictures of %ix%i pixels are refused, which have no window or several", (height, width) => {
    expect(() => build([height, width])).toThrow("choose sides of 299 to 554 pixels");
  });
});
