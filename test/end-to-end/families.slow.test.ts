/** @file The larger golden cases against PyTorch and pytorch-grad-cam. */

import { it } from "vitest";
import { LARGE } from "./family-cases.js";
import { checkOnDevice } from "./harness.js";

it.each(LARGE)("golden %s on the device: tensors and maps are PyTorch's", (name) => checkOnDevice(name));
