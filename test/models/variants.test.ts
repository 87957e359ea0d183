/** @file Networks in other spellings and at other sizes against PyTorch's float64. */

import { expect, test } from "vitest";
import { buildTemplate } from "../../src/models/registry.js";
import { checkModelCase } from "./parity.js";

test.each([
  ["densenet121-timm", "the last norm of timm's contains its ReLU"],
  ["mnasnet0_5-v1", "a version-1 checkpoint"],
  ["vit-resized", "position embeddings resampled to a grid that is no square"],
  ["deit-distilled", "two heads averaged"],
  ["vit-torchvision", "torchvision's names"],
  ["vit-huggingface", "query, key and value apart, under the names of transformers 4, and its epsilon"],
  ["deit-huggingface", "the names of transformers 5"],
  ["swin-resized", "windows shrunk and padded, relative position tables resampled"],
  ["pvt-huggingface", "key and value apart, and its epsilon"],
])("%s: %s", (name) => {
  checkModelCase(name);
});

test("Swin's original, whose stages end with the merging, computes what timm's does", () => {
  const ops = (spelling: string): string[] =>
    buildTemplate("swin_tiny_patch4_window7_224", { size: [224, 224], channels: 3, classes: 5, spelling })
      .graph.nodes.filter((n) => n.op !== "param")
      .map((n) => `${n.op} ${n.shape.join("x")} of ${n.inputs.map((x) => x.shape.join("x")).join(", ")}`);
  expect(ops("original")).toEqual(ops("timm"));
});
