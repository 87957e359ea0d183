/** @file The families that families.test.ts leaves out; `.ci/run` runs this file on lavapipe and on the embedded adapter. */

import { it } from "vitest";
import { MEDIUM } from "./family-cases.js";
import { checkOnDevice } from "./harness.js";

it.each(MEDIUM)("golden %s on the device: tensors and maps are PyTorch's", (name) => checkOnDevice(name));
