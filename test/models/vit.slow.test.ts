/** @file ViT-base against PyTorch's logits, activations and gradients. */

import { test } from "vitest";
import { checkGolden } from "./parity.js";

test("vit_base_patch16_224 at 64 pixels", () => {
  checkGolden("vit_base_patch16_224");
});
