/** @file The device limits that the runtime depends on. Kernels keep to WebGPU's defaults otherwise. */

/** Requested as the adapter has them. */
export const USED_LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "minStorageBufferOffsetAlignment",
  "minUniformBufferOffsetAlignment",
] as const satisfies readonly (keyof GPUSupportedLimits)[];

type Limits = Pick<GPUSupportedLimits, (typeof USED_LIMITS)[number]>;

/** Kernels read and write whole vec4f. */
const VECTOR_BYTES = 16;

/** Bytes of the largest value: it must fit a buffer and a binding. */
export const largestValue = ({ maxBufferSize, maxStorageBufferBindingSize }: Limits): number =>
  Math.min(maxBufferSize, maxStorageBufferBindingSize);

/** Where values may begin in a buffer. Adapters allow any multiple of 4 bytes. */
export const storageAlignment = ({ minStorageBufferOffsetAlignment }: Limits): number =>
  Math.max(VECTOR_BYTES, minStorageBufferOffsetAlignment);

export const uniformAlignment = ({ minUniformBufferOffsetAlignment }: Limits): number =>
  Math.max(VECTOR_BYTES, minUniformBufferOffsetAlignment);
