/** @file The device that tests run on: GRADLENS_ADAPTER chooses its adapter, GRADLENS_KERNELS whose kernels it runs. */

import { openDevice, type NodeDeviceOptions } from "../../src/node/open-device.js";
import type { AdapterKind, Gpu } from "../../src/runtime/gpu.js";

/**
 * GRADLENS_KERNELS=gpu: the kernels that real GPUs get, on the adapter at hand. Those that it would get itself where the variable
 * is not set.
 */
export async function openTestGpu(options: NodeDeviceOptions = {}): Promise<Gpu> {
  const adapter = process.env["GRADLENS_ADAPTER"] as NodeDeviceOptions["adapter"];
  const gpu = await openDevice({ ...(adapter ? { adapter } : {}), ...options });
  const kind = process.env["GRADLENS_KERNELS"] as AdapterKind | undefined;
  // A GPU's subgroups are of no fixed size, or not told.
  return kind ? { ...gpu, adapter: { ...gpu.adapter, kind, subgroupSize: 0 } } : gpu;
}
