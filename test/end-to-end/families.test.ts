/** @file Small networks of most families on the device, against PyTorch and pytorch-grad-cam. */

import { it } from "vitest";
import { goldenNames } from "../reference/golden-cases.js";
import { checkOnDevice } from "./harness.js";

it.each(goldenNames("adapter", "always"))("golden %s on the device: tensors and maps are PyTorch's", (name) =>
  checkOnDevice(name),
);
