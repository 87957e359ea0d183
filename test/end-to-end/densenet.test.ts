/** @file DenseNets against PyTorch and pytorch-grad-cam, with bounds checks and without. */

import { describe, it } from "vitest";
import type { NodeDeviceOptions } from "../../src/node/open-device.js";
import { checkOnDevice } from "./harness.js";

const CASES = ["densenet121", "densenet121-chexnet-2layers", "densenet121-half-rect", "densenet161"];

const DEVICES: readonly [string, NodeDeviceOptions, readonly string[]][] = [
  ["with bounds checks", { boundsChecks: "on" }, CASES],
  ["without bounds checks", { boundsChecks: "off" }, CASES.slice(0, 2)],
];

describe.each(DEVICES)("%s", (device, options, cases) => {
  it.each(cases)(`golden %s on a device ${device}: tensors and maps are PyTorch's`, (name) =>
    checkOnDevice(name, options),
  );
});
