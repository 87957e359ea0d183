/** @file Opens a WebGPU device in a browser, in a page or a worker. */
import { GradlensError, throwIfAborted } from "../errors.js";
import { factsOf, requestDevice } from "../runtime/adapter.js";
import type { Gpu } from "../runtime/gpu.js";
import { say } from "../language/say.js";

export interface WebDeviceOptions {
  /** Passed on to `navigator.gpu.requestAdapter`. Default "high-performance". */
  readonly powerPreference?: GPUPowerPreference;
  /** "default": WebGPU's default limits and no features. Default "adapter": the adapter's own. */
  readonly limits?: "adapter" | "default";
  readonly signal?: AbortSignal;
}

/** @throws GradlensError "no-adapter" if the browser has none, "aborted" by the signal, "gpu" if the adapter gives no device */
export async function openDevice(options: WebDeviceOptions = {}): Promise<Gpu> {
  throwIfAborted(options.signal, say`opening a device`);
  // The types omit that it is undefined in older browsers and in insecure contexts.
  const gpu = (navigator as Partial<Navigator>).gpu;
  if (gpu === undefined) {
    const why = isSecureContext ? say`a newer browser has it` : say`it needs a page from https or localhost`;
    throw new GradlensError("no-adapter", say`this browser offers no WebGPU here: ${why}`);
  }
  const adapter = await gpu.requestAdapter({
    powerPreference: options.powerPreference ?? "high-performance",
  });
  throwIfAborted(options.signal, say`opening a device`);
  if (adapter === null) {
    const way = say`see whether hardware acceleration is switched on in its settings`;
    throw new GradlensError("no-adapter", say`this browser has WebGPU, but no adapter for it: ${way}`);
  }
  const device = await requestDevice(adapter, options.limits ?? "adapter");
  return {
    device,
    adapter: factsOf(adapter, device, true), // a page cannot switch them off
    wait: (promise) => promise,
    dispose: () => device.destroy(),
  };
}
