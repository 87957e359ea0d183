/** @file Names and kinds of adapters, and the device requested of one: the same on every host. */
import { GradlensError } from "../errors.js";
import type { AdapterFacts, AdapterKind } from "./gpu.js";
import { USED_LIMITS } from "./limits.js";
import { say } from "../language/say.js";

/** Software adapters by name. The first match counts; every other adapter is a GPU. */
const SOFTWARE: readonly (readonly [pattern: RegExp, kind: AdapterKind])[] = [
  [/llvmpipe|lavapipe/i, "lavapipe"],
  [/swiftshader/i, "swiftshader"],
  [/basic render|\bwarp\b/i, "software"],
];

/** Requested if the adapter has them: subgroups for kernels, timestamps for profiles. */
const USED_FEATURES: readonly GPUFeatureName[] = ["subgroups", "timestamp-query"];

export function adapterKind(name: string): AdapterKind {
  return SOFTWARE.find(([pattern]) => pattern.test(name))?.[1] ?? "gpu";
}

/** By the description of its driver. */
export function kindOf({ info }: GPUAdapter): AdapterKind {
  const named = adapterKind(`${info.architecture} ${info.device} ${info.description}`);
  return named === "gpu" && info.isFallbackAdapter ? "software" : named;
}

/**
 * @param limits "adapter": its limits and features as far as they are used; "default": WebGPU's limits, no features
 * @throws GradlensError "gpu" if the adapter gives no device
 */
export async function requestDevice(adapter: GPUAdapter, limits: "adapter" | "default"): Promise<GPUDevice> {
  try {
    return await adapter.requestDevice(limits === "default" ? {} : usedOf(adapter));
  } catch (error) {
    const name = nameOf(adapter.info, kindOf(adapter));
    throw new GradlensError("gpu", say`the adapter ${name} gives no device: ${String(error)}`, {
      cause: error,
    });
  }
}

export function factsOf(adapter: GPUAdapter, device: GPUDevice, boundsChecks: boolean): AdapterFacts {
  const { info } = adapter;
  const kind = kindOf(adapter);
  // Older browsers have the feature without the sizes.
  const { subgroupMinSize = 0, subgroupMaxSize }: Partial<GPUAdapterInfo> = info;
  const fixedSize = device.features.has("subgroups") && subgroupMinSize === subgroupMaxSize;
  return {
    kind,
    name: nameOf(info, kind),
    vendor: info.vendor,
    architecture: info.architecture,
    subgroupSize: fixedSize ? subgroupMinSize : 0,
    boundsChecks,
  };
}

/** Dawn's description names a software driver in full, but only the driver of a GPU. Browsers often give neither. */
function nameOf(info: GPUAdapterInfo, kind: AdapterKind): string {
  const plain = info.device.replace(/-+$/, "") || `${info.vendor} ${info.architecture}`.trim() || "unnamed";
  if (info.description === "") return plain;
  return kind === "gpu" ? `${plain} (${info.description})` : info.description;
}

const usedOf = ({ limits, features }: GPUAdapter): GPUDeviceDescriptor => ({
  requiredLimits: Object.fromEntries(USED_LIMITS.map((name) => [name, limits[name]])),
  requiredFeatures: USED_FEATURES.filter((name) => features.has(name)),
});
