/** @file ResNets against PyTorch's logits, activations and gradients. */

import { test } from "vitest";
import { checkGolden } from "./parity.js";

test("resnet18", () => {
  checkGolden("resnet18");
});

test("resnet50, two layers", () => {
  checkGolden("resnet50-2layers");
});
