/** @file Opens a WebGPU device in Node: a real GPU, else the system's software driver, else the embedded one. */
import { GradlensError } from "../errors.js";
import type { Gpu } from "../runtime/gpu.js";
import { factsOf } from "./adapters.js";
import { requestAdapter, systemSource } from "./dawn.js";
import { NAP_MS, napWhile } from "./wait.js";

export type AdapterChoice = "auto" | "gpu" | `gpu:${string}` | "system" | "embedded";

export interface OpenDeviceOptions {
  /** Default "auto": the best there is. `gpu:NAME` takes the adapter whose name holds NAME. */
  readonly adapter?: AdapterChoice;
  /** Dawn's bounds checks in shaders. Default "auto": off only where that is faster (BOUNDS_CHECKS). */
  readonly boundsChecks?: "auto" | "on" | "off";
  /** "default": WebGPU's default limits and no features, as the weakest device has them. Default "adapter": all it has. */
  readonly limits?: "adapter" | "default";
  /** Told, line by line, what takes time or is worth knowing. */
  readonly onMessage?: (line: string) => void;
  readonly signal?: AbortSignal;
}

const WANTED_FEATURES: readonly GPUFeatureName[] = ["subgroups", "shader-f16", "timestamp-query"];

/** @throws GradlensError `no-adapter` where there is none of the kind asked for, `aborted` by the signal. */
export async function openDevice(options: OpenDeviceOptions = {}): Promise<Gpu> {
  const source = await systemSource();
  const adapter = await requestAdapter(source, { boundsChecks: options.boundsChecks !== "off" });
  if (adapter === null) throw new GradlensError("no-adapter", "no WebGPU adapter found");
  const device = await adapter.requestDevice(deviceDescriptor(adapter, options.limits ?? "adapter"));
  const facts = factsOf(adapter, device, options.boundsChecks !== "off");
  const napMs = facts.kind === "gpu" ? NAP_MS.gpu : NAP_MS.software;
  return {
    device,
    adapter: facts,
    wait: (promise) => napWhile(promise, napMs),
    dispose: () => device.destroy(),
  };
}

function deviceDescriptor(adapter: GPUAdapter, limits: "adapter" | "default"): GPUDeviceDescriptor {
  if (limits === "default") return {};
  const requiredLimits: Record<string, number> = {};
  for (const name in adapter.limits) {
    const value = adapter.limits[name as keyof GPUSupportedLimits];
    if (typeof value === "number") requiredLimits[name] = value;
  }
  return { requiredLimits, requiredFeatures: WANTED_FEATURES.filter((name) => adapter.features.has(name)) };
}
