/** @file PVTv2-b3 in the original's spelling against PyTorch's logits, activations and gradients. */

import { test } from "vitest";
import { checkGolden } from "./parity.js";

test("pvt_v2_b3 at norm4", () => {
  checkGolden("pvt_v2_b3-norm4");
});

test("pvt_v2_b3 at block4[-1].norm1", () => {
  checkGolden("pvt_v2_b3-block4");
});
