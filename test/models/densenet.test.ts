/** @file DenseNets against PyTorch's logits, activations and gradients. */

import { expect, test } from "vitest";
import { buildTemplate } from "../../src/models/registry.js";
import { checkGolden } from "./parity.js";

test("densenet121 has PyTorch's logits, activations and gradients", () => {
  checkGolden("densenet121");
});

test("densenet121 of a picture that is not square", () => {
  checkGolden("densenet121-half-rect");
});

test("densenet121 in CheXNet's wrapper, two layers", () => {
  checkGolden("densenet121-chexnet-2layers", "densenet121.");
});

test("densenet161", () => {
  checkGolden("densenet161");
});

test("pictures below 32 pixels are refused", () => {
  expect(() => buildTemplate("densenet121", { size: [64, 31], channels: 3, classes: 2 })).toThrow(
    /at least 32x32 pixels, not 64x31/,
  );
});
