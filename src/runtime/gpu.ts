/** @file What the runtime needs of a host: a WebGPU device, facts about its adapter, and a way to wait. */
/// <reference types="@webgpu/types" preserve="true" />

/** Which kind of adapter runs; kernel variants are chosen by it (src/kernels/gemm-variants.ts). */
export type AdapterKind = "gpu" | "lavapipe" | "swiftshader" | "software";

export interface AdapterFacts {
  readonly kind: AdapterKind;
  /** For people, as in `llvmpipe (LLVM 15.0.6, 256 bits)`. */
  readonly name: string;
  readonly vendor: string;
  readonly architecture: string;
  /** Lanes of a subgroup where the adapter has one fixed size and the device has the feature; else 0. */
  readonly subgroupSize: number;
  /** False where the device was created with Dawn's `disable_robustness`. */
  readonly boundsChecks: boolean;
}

/** A device with what the core may not find out by itself. `openDevice` of gradlens/node and gradlens/web make one. */
export interface Gpu {
  readonly device: GPUDevice;
  readonly adapter: AdapterFacts;
  /**
   * Resolves as `promise` does. Hosts whose WebGPU binding spins while a promise is pending (Dawn's in Node) nap
   * here, which gives the core they would burn to a software adapter.
   */
  wait<T>(promise: Promise<T>): Promise<T>;
  /** Destroys the device and lets go of the adapter. */
  dispose(): void;
}
