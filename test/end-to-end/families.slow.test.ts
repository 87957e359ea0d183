/** @file The larger golden cases against PyTorch and pytorch-grad-cam. */

import { it } from "vitest";
import { goldenNames } from "../reference/golden-cases.js";
import { checkOnDevice } from "./harness.js";

it.each(goldenNames("adapter", "all"))("golden %s on the device: tensors and maps are PyTorch's", (name) =>
  checkOnDevice(name),
);
