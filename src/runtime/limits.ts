/** @file The limits of a device that the runtime depends on. Kernels keep to WebGPU's default limits otherwise. */

/** Asked of the adapter, as good as it has them. */
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

/** Where values may begin in a buffer; adapters allow every 4 bytes. */
export const storageAlignment = ({ minStorageBufferOffsetAlignment }: Limits): number =>
  Math.max(VECTOR_BYTES, minStorageBufferOffsetAlignment);

export const uniformAlignment = ({ minUniformBufferOffsetAlignment }: Limits): number =>
  Math.max(VECTOR_BYTES, minUniformBufferOffsetAlignment);
