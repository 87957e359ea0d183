/** @file Swins against PyTorch's logits, activations and gradients. */

import { test } from "vitest";
import { checkGolden, checkModelCase } from "./parity.js";

test("swin_base_patch4_window7_224", () => {
  checkGolden("swin_base_patch4_window7_224");
}, 600_000);

test("swin_tiny_patch4_window7_224 at 288 pixels, where windows are padded", () => {
  checkGolden("swin_tiny-288");
}, 600_000);

test("Hugging Face's Swin of a picture that is not square", () => {
  checkModelCase("swin-huggingface");
}, 600_000);

test("torchvision's Swin, whose windows are kept and padded before the shift", () => {
  checkModelCase("swin-torchvision");
}, 600_000);
