/** @file What adapters are called, of which kind they are, and the device that is asked of them: the same on every host. */
import { GradlensError } from "../errors.js";
import type { AdapterFacts, AdapterKind } from "./gpu.js";
import { USED_LIMITS } from "./limits.js";

/** Software adapters by their names; the first match counts, anything else is a GPU. */
const SOFTWARE: readonly (readonly [pattern: RegExp, kind: AdapterKind])[] = [
  [/llvmpipe|lavapipe/i, "lavapipe"],
  [/swiftshader/i, "swiftshader"],
  [/basic render|\bwarp\b/i, "software"],
];

/** Asked for where the adapter has them: subgroups for kernels, timestamps for profiles. */
const USED_FEATURES: readonly GPUFeatureName[] = ["subgroups", "timestamp-query"];

/** Kind of the adapter of that name. */
export function adapterKind(name: string): AdapterKind {
  return SOFTWARE.find(([pattern]) => pattern.test(name))?.[1] ?? "gpu";
}

/** Kind of an adapter that was found, by what its driver says of it. */
export function kindOf({ info }: GPUAdapter): AdapterKind {
  const named = adapterKind(`${info.architecture} ${info.device} ${info.description}`);
  return named === "gpu" && info.isFallbackAdapter ? "software" : named;
}

/**
 * A device with what we use of the adapter's limits and features ("adapter"), or with WebGPU's default limits and no features ("default").
 * @throws GradlensError `gpu` where the adapter gives none
 */
export async function requestDevice(adapter: GPUAdapter, limits: "adapter" | "default"): Promise<GPUDevice> {
  try {
    return await adapter.requestDevice(limits === "default" ? {} : usedOf(adapter));
  } catch (error) {
    const name = nameOf(adapter.info, kindOf(adapter));
    throw new GradlensError("gpu", `the adapter ${name} gives no device: ${String(error)}`, { cause: error });
  }
}

export function factsOf(adapter: GPUAdapter, device: GPUDevice, boundsChecks: boolean): AdapterFacts {
  const { info } = adapter;
  const kind = kindOf(adapter);
  // Older browsers have the feature and do not tell the sizes.
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

/** Dawn's description names a software driver in full, but of a GPU only the driver; browsers often tell neither. */
function nameOf(info: GPUAdapterInfo, kind: AdapterKind): string {
  const plain = info.device.replace(/-+$/, "") || `${info.vendor} ${info.architecture}`.trim() || "unnamed";
  if (info.description === "") return plain;
  return kind === "gpu" ? `${plain} (${info.description})` : info.description;
}

const usedOf = ({ limits, features }: GPUAdapter): GPUDeviceDescriptor => ({
  requiredLimits: Object.fromEntries(USED_LIMITS.map((name) => [name, limits[name]])),
  requiredFeatures: USED_FEATURES.filter((name) => features.has(name)),
});
