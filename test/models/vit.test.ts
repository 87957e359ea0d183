/** @file A ViT against PyTorch's logits, activations and gradients; a larger one is in vit.slow.test.ts. */

import { test } from "vitest";
import { checkGolden } from "./parity.js";

test("vit_tiny_patch16_224 at 96 pixels", () => {
  checkGolden("vit_tiny_patch16_224");
});
