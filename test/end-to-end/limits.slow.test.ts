/** @file A DenseNet on the weakest device, against PyTorch and pytorch-grad-cam; `.ci/run` runs this file. */

import { it } from "vitest";
import { checkOnDevice } from "./harness.js";

it("golden densenet121 with WebGPU's default limits and no features: tensors and maps are PyTorch's", () =>
  checkOnDevice("densenet121", { limits: "default" }));
