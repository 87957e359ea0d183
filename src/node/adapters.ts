/** @file What adapters are called, of which kind they are, and how a machine gets a better one. */
import type { AdapterFacts, AdapterKind } from "../runtime/gpu.js";
import { listDawnAdapters, systemSource } from "./dawn.js";

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

/** The adapters that Dawn sees on this machine; the embedded one is not among them. */
export async function listAdapters(): Promise<{ backend: string; name: string; kind: AdapterKind }[]> {
  const listed = await listDawnAdapters(await systemSource());
  return listed.map((adapter) => ({ ...adapter, kind: adapterKind(adapter.name) }));
}

export function factsOf(adapter: GPUAdapter, device: GPUDevice, boundsChecks: boolean): AdapterFacts {
  const { info } = adapter;
  const named = adapterKind(`${info.device} ${info.description}`);
  const kind = named === "gpu" && info.isFallbackAdapter ? "software" : named;
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
