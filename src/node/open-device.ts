/** @file Opens a WebGPU device in Node. */
import { GradlensError, throwIfAborted } from "../errors.js";
import { factsOf, requestDevice } from "../runtime/adapter.js";
import type { AdapterKind, Gpu } from "../runtime/gpu.js";
import { requestAdapter } from "./adapter/dawn.js";
import { findAdapter, type AdapterChoice } from "./adapter/ladder.js";
import { napWhile } from "./wait.js";
import { say } from "../language/say.js";

export { adapterAdvice } from "./adapter/advice.js";
export { listAdapters, type AdapterChoice } from "./adapter/ladder.js";

/**
 * The default of Dawn's bounds checks. The kernels prove their own indices, so the checks are off where that is measurably faster:
 * 1.2 to 2.5 times on SwiftShader, nothing on lavapipe.
 */
export const BOUNDS_CHECKS: Record<AdapterKind, boolean> = {
  gpu: true,
  lavapipe: true,
  swiftshader: false,
  software: true,
};

export interface NodeDeviceOptions {
  /** Default "auto": a GPU, else the system's software driver, else the embedded one. `gpu:NAME`: a GPU with NAME in its name. */
  readonly adapter?: AdapterChoice;
  /** Dawn's bounds checks in shaders. Default "auto": off only where that is faster (BOUNDS_CHECKS). */
  readonly boundsChecks?: "auto" | "on" | "off";
  /** Default "adapter": the adapter's own limits. "default": WebGPU's default limits and no features, as on the weakest device. */
  readonly limits?: "adapter" | "default";
  /** Receives messages about slow steps and useful facts, line by line. */
  readonly onMessage?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * @throws GradlensError "no-adapter" if none of the requested kind exists, "aborted" by the signal, "gpu" if the adapter gives no
 * device
 */
export async function openDevice(options: NodeDeviceOptions = {}): Promise<Gpu> {
  throwIfAborted(options.signal, say`opening a device`);
  const found = await findAdapter(options.adapter ?? "auto", options);
  throwIfAborted(options.signal, say`opening a device`);
  const wanted = options.boundsChecks ?? "auto";
  const boundsChecks = wanted === "auto" ? BOUNDS_CHECKS[found.kind] : wanted === "on";
  const adapter = await requestAdapter(found.source, {
    ...(found.name && { adapter: found.name }),
    boundsChecks,
  });
  if (adapter === null)
    throw new GradlensError(
      "no-adapter",
      say`Dawn lists the ${found.kind} adapter, but refuses it: update its driver, or use another adapter (--adapter)`,
    );
  const device = await requestDevice(adapter, options.limits ?? "adapter");
  const facts = factsOf(adapter, device, boundsChecks);
  // A GPU needs no CPU core, and would finish long before a nap ends.
  const naps = facts.kind !== "gpu";
  return {
    device,
    adapter: facts,
    wait: (promise) => (naps ? napWhile(promise) : promise),
    dispose: () => device.destroy(),
  };
}
