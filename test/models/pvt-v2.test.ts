/** @file PVTv2 against PyTorch's logits, activations and gradients. */

import { test } from "vitest";
import { checkGolden } from "./parity.js";

test("pvt_v2_b0", () => {
  checkGolden("pvt_v2_b0");
});

test("pvt_v2_b2_li, whose keys are the original's", () => {
  checkGolden("pvt_v2_b2_li");
});
