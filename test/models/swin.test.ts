/** @file A Swin against PyTorch's logits, activations and gradients. */

import { test } from "vitest";
import { checkGolden } from "./parity.js";

test("swin_tiny_patch4_window7_224", () => {
  checkGolden("swin_tiny_patch4_window7_224");
});
