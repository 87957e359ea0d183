/** @file Opens a WebGPU device in Node. */
import { GradlensError, throwIfAborted } from "../errors.js";
import { factsOf, requestDevice } from "../runtime/adapter.js";
import type { AdapterKind, Gpu } from "../runtime/gpu.js";
import { requestAdapter } from "./adapter/dawn.js";
import { findAdapter, type AdapterChoice } from "./adapter/ladder.js";
import { napWhile } from "./wait.js";

export { adapterAdvice } from "./adapter/advice.js";
export { listAdapters, type AdapterChoice } from "./adapter/ladder.js";

/**
 * Whether Dawn's bounds checks stay on where the user leaves it open. Our kernels prove their indices themselves, so
 * they are off where that is measurably faster: 1.2 to 2.5 times on SwiftShader, nothing on lavapipe.
 */
export const BOUNDS_CHECKS: Record<AdapterKind, boolean> = {
  gpu: true,
  lavapipe: true,
  swiftshader: false,
  software: true,
};

export interface NodeDeviceOptions {
  /** Default "auto": a GPU, else the system's software driver, else the embedded one. `gpu:NAME`: whose name holds NAME. */
  readonly adapter?: AdapterChoice;
  /** Dawn's bounds checks in shaders. Default "auto": off only where that is faster (BOUNDS_CHECKS). */
  readonly boundsChecks?: "auto" | "on" | "off";
  /** "default": WebGPU's default limits and no features, as the weakest device has them. Default "adapter": its own. */
  readonly limits?: "adapter" | "default";
  /** Told, line by line, what takes time or is worth knowing. */
  readonly onMessage?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * @throws GradlensError "no-adapter" where there is none of the kind asked for, "aborted" by the signal, "gpu" where the
 * adapter gives no device.
 */
export async function openDevice(options: NodeDeviceOptions = {}): Promise<Gpu> {
  throwIfAborted(options.signal, "opening a device");
  const found = await findAdapter(options.adapter ?? "auto", options);
  throwIfAborted(options.signal, "opening a device");
  const wanted = options.boundsChecks ?? "auto";
  const boundsChecks = wanted === "auto" ? BOUNDS_CHECKS[found.kind] : wanted === "on";
  const adapter = await requestAdapter(found.source, {
    ...(found.name && { adapter: found.name }),
    boundsChecks,
  });
  if (adapter === null)
    throw new GradlensError("no-adapter", `the ${found.kind} adapter is there, but Dawn refuses it`);
  const device = await requestDevice(adapter, options.limits ?? "adapter");
  const facts = factsOf(adapter, device, boundsChecks);
  // A GPU needs no core of ours, and would be done long before a nap is over.
  const naps = facts.kind !== "gpu";
  return {
    device,
    adapter: facts,
    wait: (promise) => (naps ? napWhile(promise) : promise),
    dispose: () => device.destroy(),
  };
}
