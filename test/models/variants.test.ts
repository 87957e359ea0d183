/** @file Networks in other spellings and at other sizes against PyTorch's float64. */

import { expect, test } from "vitest";
import { buildTemplate } from "../../src/models/registry.js";
import { testModelCases } from "./interpreter-golden.js";

testModelCases([
  ["densenet121-timm", "the last norm of timm's contains its ReLU"],
  ["mnasnet0_5-v1", "a version-1 checkpoint"],
  ["vit-resized", "position embeddings resampled to a grid that is no square"],
  ["deit-distilled", "two heads averaged"],
  ["vit-torchvision", "torchvision's names"],
  ["vit-huggingface", "query, key and value apart, under the names of transformers 4, and its epsilon"],
  ["deit-huggingface", "the names of transformers 5"],
  ["swin-resized", "windows shrunk and padded, relative position tables resampled"],
  ["pvt-huggingface", "key and value apart, and its epsilon"],
]);

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
