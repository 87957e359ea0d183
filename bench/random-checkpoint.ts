/** @file A model with random weights of the right scale, for benches: timings do not depend on what it was trained for. */

import type { CheckpointTensor } from "../src/checkpoint/types.js";
import { sizeOf } from "../src/graph/shape.js";
import type { Tensors } from "../src/index.js";
import { ARCHITECTURES, type Arch } from "../src/models/architectures.js";
import { buildTemplate } from "../src/models/registry.js";

/** He-uniform weights, batch norms near the identity, from a fixed seed. */
export function randomCheckpoint(arch: Arch, classes: number): Tensors {
  const { size } = ARCHITECTURES[arch].preprocessing;
  const { graph } = buildTemplate(arch, { size, channels: 3, classes });
  const tensors = new Map<string, CheckpointTensor>();
  let state = 1;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
  for (const [key, { shape }] of graph.params) {
    const count = sizeOf(shape);
    const scale = shape.length > 1 ? Math.sqrt(6 / (count / shape[0]!)) : 0.1;
    const middle = shape.length === 1 && /weight|running_var/.test(key) ? 1 : 0;
    const data = Float32Array.from({ length: count }, () => middle + scale * uniform());
    tensors.set(key, {
      name: key,
      dtype: "F32",
      shape,
      byteLength: data.byteLength,
      bytes: () => Promise.resolve(new Uint8Array(data.buffer)),
      floats: () => Promise.resolve(data),
    });
  }
  return { name: `${arch} with random weights`, tensors, metadata: new Map() };
}
