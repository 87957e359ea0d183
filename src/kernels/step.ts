/** @file A step: one dispatch of one shader variant. */

import type { Params } from "./params.js";
import type { Specialisation } from "./specialise.js";
import type { ShaderName } from "./shaders.js";
import type { Slot } from "./view.js";

/** Groups of kernels in benches and profiles. */
export type KernelFamily =
  "gemm" | "convolution" | "depthwise" | "pointwise" | "reduce" | "rows" | "resample" | "pool";

export interface Step {
  /** Module path and op, for profiles and errors. */
  readonly label: string;
  readonly family: KernelFamily;
  readonly shader: ShaderName;
  readonly spec: Specialisation;
  /** Binding 1, read-write; binding 0 holds the uniforms. */
  readonly output: Slot;
  /** Bindings 2 and on, read-only. */
  readonly inputs: readonly Slot[];
  /** Fields of the shader's `struct Params`, in camelCase. */
  readonly uniforms: Params;
  /** All workgroups; more than 65 535 fold into y. */
  readonly groups: number;
  /** Floating-point operations (a multiply-add counts two), for profiles and for cutting long runs. */
  readonly flops: number;
}
