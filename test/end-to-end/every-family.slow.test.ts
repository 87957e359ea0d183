/** @file The families that families.test.ts leaves out; `.ci/run` runs this file on lavapipe and on the embedded adapter. */

import { it } from "vitest";
import { goldenNames } from "../reference/golden-cases.js";
import { checkOnDevice } from "./harness.js";

it.each(goldenNames("adapter", "ci"))("golden %s on the device: tensors and maps are PyTorch's", (name) =>
  checkOnDevice(name),
);
