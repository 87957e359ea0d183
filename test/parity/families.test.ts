/** @file One network of each family but DenseNet against PyTorch and pytorch-grad-cam; larger ones are in families.slow.test.ts. */

import { it } from "vitest";
import { checkCase, loadCase, openTestGpu } from "./harness.js";

const CASES = ["resnet18", "mnasnet1_0", "pvt_v2_b0", "pvt_v2_b2_li", "vit_tiny_patch16_224"];

it.each(CASES)("%s", async (name) => {
  const gpu = await openTestGpu();
  const loaded = await loadCase(name, gpu);
  try {
    await checkCase(loaded);
  } finally {
    loaded.model.dispose();
    gpu.dispose();
  }
});
