/**
 * @file Parity with the kernels that real GPUs get, on the adapter at hand: tiled products, rows and reductions of 64 lanes. With
 * GRADLENS_KERNELS=gpu the tests of ops and gradients run on them as well (.ci/run).
 */

import { expect, it, vi } from "vitest";
import { openTestDevice } from "../kernels/harness.js";
import { checkOnDevice } from "./harness.js";

vi.stubEnv("GRADLENS_KERNELS", "gpu");

it("with GRADLENS_KERNELS=gpu the kernels are those of GPUs", async () => {
  const device = await openTestDevice();
  expect(device.traits).toEqual({ kind: "gpu", subgroupSize: 0 });
  device.dispose();
  device.gpu.dispose();
});

it.each(["densenet121", "pvt_v2_b0"])("golden %s on the device: tensors and maps are PyTorch's", (name) =>
  checkOnDevice(name),
);
