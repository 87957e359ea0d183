/** @file A VGG against PyTorch's logits, activations and gradients; without batch norm it is in vgg.slow.test.ts. */

import { test } from "vitest";
import { checkGolden } from "./parity.js";

test("vgg16_bn", () => {
  checkGolden("vgg16_bn");
});
