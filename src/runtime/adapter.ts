/** @file What adapters are called, of which kind they are, and the device that is asked of them: the same on every host. */
import { GradlensError } from "../errors.js";
import type { AdapterFacts, AdapterKind } from "./gpu.js";

/** Software adapters by their names; the first match counts, anything else is a GPU. */
const SOFTWARE: readonly (readonly [pattern: RegExp, kind: AdapterKind])[] = [
  [/llvmpipe|lavapipe/i, "lavapipe"],
  [/swiftshader/i, "swiftshader"],
  [/basic render|\bwarp\b/i, "software"],
];

/** Asked for where the adapter has them. */
const FEATURES: readonly GPUFeatureName[] = ["subgroups", "shader-f16", "timestamp-query"];

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
 * A device with all that the adapter has ("adapter"), or with WebGPU's default limits and no features ("default").
 * @throws GradlensError `gpu` where the adapter gives none
 */
export async function requestDevice(adapter: GPUAdapter, limits: "adapter" | "default"): Promise<GPUDevice> {
  try {
    return await adapter.requestDevice(limits === "default" ? {} : everythingOf(adapter));
  } catch (error) {
    const name = nameOf(adapter.info, kindOf(adapter));
    throw new GradlensError("gpu", `the adapter ${name} gives no device: ${String(error)}`, { cause: error });
  }
}

export function factsOf(adapter: GPUAdapter, device: GPUDevice, boundsChecks: boolean): AdapterFacts {
  const { info } = adapter;
  const kind = kindOf(adapter);
  const fixedSize = device.features.has("subgroups") && info.subgroupMinSize === info.subgroupMaxSize;
  return {
    kind,
    name: nameOf(info, kind),
    vendor: info.vendor,
    architecture: info.architecture,
    subgroupSize: fixedSize ? info.subgroupMinSize : 0,
    boundsChecks,
  };
}

/** Dawn's description names a software driver in full, but of a GPU only the driver; browsers often tell neither. */
function nameOf(info: GPUAdapterInfo, kind: AdapterKind): string {
  const plain = info.device.replace(/-+$/, "") || `${info.vendor} ${info.architecture}`.trim() || "unnamed";
  if (info.description === "") return plain;
  return kind === "gpu" ? `${plain} (${info.description})` : info.description;
}

function everythingOf(adapter: GPUAdapter): GPUDeviceDescriptor {
  const requiredLimits: Record<string, number> = {};
  for (const name in adapter.limits) {
    const value = adapter.limits[name as keyof GPUSupportedLimits];
    if (typeof value === "number") requiredLimits[name] = value;
  }
  return { requiredLimits, requiredFeatures: FEATURES.filter((name) => adapter.features.has(name)) };
}
