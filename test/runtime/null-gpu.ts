/**
 * @file Dawn's null backend as a device: it executes nothing, takes no time, checks every call as any backend does, and has
 * 512 MiB of memory.
 */

import { create } from "webgpu";
import { factsOf, requestDevice } from "../../src/runtime/adapter.js";
import type { Gpu } from "../../src/runtime/gpu.js";

/** The backend's memory, in bytes. */
export const NULL_MEMORY = 512 * 2 ** 20;

/** Lives as long as the process: Dawn crashes where an instance is collected before its devices. */
const instance = create(["backend=null"]);

export async function openNullAdapter(): Promise<GPUAdapter> {
  return (await instance.requestAdapter())!;
}

export async function openNullGpu(limits: "adapter" | "default" = "adapter"): Promise<Gpu> {
  const adapter = await openNullAdapter();
  const device = await requestDevice(adapter, limits);
  return {
    device,
    adapter: factsOf(adapter, device, true),
    wait: (promise) => promise,
    dispose: () => device.destroy(),
  };
}

/** Takes all but about `bytes` of the memory. @returns gives it back */
export function leave({ device }: Gpu, bytes: number): () => void {
  const size = 4 * 2 ** 20;
  const count = Math.floor((NULL_MEMORY - bytes) / size);
  const taken = Array.from({ length: count }, () => device.createBuffer({ size, usage: 0x80 }));
  return () => taken.forEach((buffer) => buffer.destroy());
}
