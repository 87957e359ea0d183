/** @file MnasNets against PyTorch's logits, activations and gradients, and version 1's stem. */

import { expect, test } from "vitest";
import { buildTemplate } from "../../src/models/registry.js";
import { checkGolden } from "./parity.js";

test("mnasnet1_0", () => {
  checkGolden("mnasnet1_0");
});

test("a version-1 checkpoint keeps its stem of 32 and 16 channels", () => {
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
