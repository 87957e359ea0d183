/** @file What adapters are called and of which kind they are. */
import type { AdapterFacts, AdapterKind } from "../../runtime/gpu.js";

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

/** Software adapters by their names; the first match counts, anything else is a GPU. */
const SOFTWARE: readonly (readonly [pattern: RegExp, kind: AdapterKind])[] = [
  [/llvmpipe|lavapipe/i, "lavapipe"],
  [/swiftshader/i, "swiftshader"],
  [/basic render|\bwarp\b/i, "software"],
];

/** Kind of the adapter of that name. */
export function adapterKind(name: string): AdapterKind {
  return SOFTWARE.find(([pattern]) => pattern.test(name))?.[1] ?? "gpu";
}

/** Kind of an adapter that was found, by what its driver says of it. */
export function kindOf({ info }: GPUAdapter): AdapterKind {
  const named = adapterKind(`${info.device} ${info.description}`);
  return named === "gpu" && info.isFallbackAdapter ? "software" : named;
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

/** Dawn's description names a software driver in full, but of a GPU only the driver; its `device` is the GPU's name. */
function nameOf(info: GPUAdapterInfo, kind: AdapterKind): string {
  if (kind !== "gpu") return info.description || info.device;
  const device = info.device.replace(/-+$/, "") || `${info.vendor} ${info.architecture}`.trim();
  return info.description ? `${device} (${info.description})` : device;
}
