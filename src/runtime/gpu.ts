/** @file The host's part: a WebGPU device, facts about its adapter, and how to wait. */
/// <reference types="@webgpu/types" preserve="true" />

/** Kind of adapter, which chooses kernel variants (src/kernels/gemm-variants.ts). */
export type AdapterKind = "gpu" | "lavapipe" | "swiftshader" | "software";

export interface AdapterFacts {
  readonly kind: AdapterKind;
  /** For people: `llvmpipe (LLVM 15.0.6, 256 bits)`. */
  readonly name: string;
  readonly vendor: string;
  readonly architecture: string;
  /** Lanes of a subgroup if the adapter has one fixed size and the device has the feature, else 0. */
  readonly subgroupSize: number;
  /** False if the device has Dawn's `disable_robustness`. */
  readonly boundsChecks: boolean;
}

/** A device, with facts that the core cannot query. `openDevice` of gradlens/node and gradlens/web makes one. */
export interface Gpu {
  readonly device: GPUDevice;
  readonly adapter: AdapterFacts;
  /**
   * Resolves as `promise` does. Dawn's binding for Node spins while a promise is pending: such hosts sleep here, which
   * leaves the CPU core to a software adapter.
   */
  wait<T>(promise: Promise<T>): Promise<T>;
  /** Destroys the device and releases the adapter. */
  dispose(): void;
}
