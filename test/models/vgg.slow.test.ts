/** @file VGG16 against PyTorch's logits, activations and gradients. */

import { test } from "vitest";
import { checkGolden } from "./parity.js";

test("vgg16", () => {
  checkGolden("vgg16");
});
