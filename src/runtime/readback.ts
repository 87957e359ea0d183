/** @file From the GPU to the host: values of views, and the time of a pass. */

import { contiguousStrides, sizeOf } from "../graph/shape.js";
import type { View } from "../kernels/view.js";
import { USAGE, type GpuMemory } from "./gpu-memory.js";
import { say } from "../language/say.js";

const MAP_READ = 0x1;

/** Encodes one compute pass that begins with the descriptor. */
export type EncodePass = (encoder: GPUCommandEncoder, descriptor: GPUComputePassDescriptor) => void;

/** The values of some views: row-major, without the padding of rows. Reads in parts what one buffer cannot hold. */
export async function readViews(device: GpuMemory, views: readonly View[]): Promise<Float32Array[]> {
  device.errors.check();
  const most = device.limits.maxBufferSize;
  const values: Float32Array[] = [];
  let part: View[] = [];
  let bytes = 0;
  for (const view of views) {
    if (part.length > 0 && bytes + bytesOf(view) > most) {
      values.push(...(await readTogether(device, part)));
      [part, bytes] = [[], 0];
    }
    part.push(view);
    bytes += bytesOf(view);
  }
  if (part.length > 0) values.push(...(await readTogether(device, part)));
  device.pace.settled();
  return values;
}

async function readTogether(device: GpuMemory, views: readonly View[]): Promise<Float32Array[]> {
  const { device: gpu } = device.gpu;
  const total = views.reduce((sum, view) => sum + bytesOf(view), 0);
  let staging: GPUBuffer | undefined;
  let mapping: Promise<undefined> | undefined;
  const copy = (): void => {
    staging = gpu.createBuffer({ size: Math.max(16, total), usage: USAGE.MAP_READ | USAGE.COPY_DST });
    const encoder = gpu.createCommandEncoder();
    let at = 0;
    for (const view of views) {
      const { buffer, offset } = device.rangeOf(view.slot);
      encoder.copyBufferToBuffer(buffer, offset + view.offset * 4, staging, at, bytesOf(view));
      at += bytesOf(view);
    }
    device.queue.submit([encoder.finish()]);
    mapping = staging.mapAsync(MAP_READ);
    mapping.catch(() => undefined); // awaited below, unless the GPU refuses
  };
  try {
    await device.errors.scoped(() => say`reading results`, copy);
    await device.errors.wait(mapping!);
    const all = new Float32Array(staging!.getMappedRange());
    let start = 0;
    return views.map((view) => {
      const part = all.subarray(start, start + bytesOf(view) / 4);
      start += part.length;
      return gatherView(part, view);
    });
  } finally {
    staging?.destroy();
  }
}

/** Milliseconds of GPU time for one pass. */
export async function timePass(device: GpuMemory, encode: EncodePass): Promise<number> {
  const gpu = device.gpu.device;
  if (!gpu.features.has("timestamp-query")) {
    const encoder = gpu.createCommandEncoder();
    encode(encoder, {});
    const start = performance.now();
    device.queue.submit([encoder.finish()]);
    await device.idle();
    return performance.now() - start;
  }
  const querySet = gpu.createQuerySet({ type: "timestamp", count: 2 });
  const resolved = gpu.createBuffer({ size: 16, usage: USAGE.QUERY_RESOLVE | USAGE.COPY_SRC });
  const staging = gpu.createBuffer({ size: 16, usage: USAGE.MAP_READ | USAGE.COPY_DST });
  try {
    const encoder = gpu.createCommandEncoder();
    encode(encoder, {
      timestampWrites: { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 },
    });
    encoder.resolveQuerySet(querySet, 0, 2, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, staging, 0, 16);
    device.queue.submit([encoder.finish()]);
    await device.errors.wait(staging.mapAsync(MAP_READ));
    const [start, end] = new BigUint64Array(staging.getMappedRange());
    return Number(end! - start!) / 1e6;
  } finally {
    querySet.destroy();
    resolved.destroy();
    staging.destroy();
  }
}

/** From a view's first value to its last. */
const bytesOf = ({ shape, strides }: View): number =>
  4 * (1 + shape.reduce((sum, d, i) => sum + (d - 1) * strides[i]!, 0));

function gatherView(from: Float32Array, view: View): Float32Array {
  const size = sizeOf(view.shape);
  const dense = contiguousStrides(view.shape);
  if (view.strides.every((s, i) => s === dense[i] || view.shape[i] === 1)) return from.slice(0, size);
  const result = new Float32Array(size);
  const columns = view.shape.at(-1) ?? 1;
  const step = view.strides.at(-1) ?? 1;
  const outer = view.shape.slice(0, -1);
  const index = outer.map(() => 0);
  for (let at = 0; at < size; at += columns) {
    const base = index.reduce((sum, k, axis) => sum + k * view.strides[axis]!, 0);
    for (let c = 0; c < columns; c++) result[at + c] = from[base + c * step]!;
    for (let axis = outer.length - 1; axis >= 0; axis--) {
      if (++index[axis]! < outer[axis]!) break;
      index[axis] = 0;
    }
  }
  return result;
}
