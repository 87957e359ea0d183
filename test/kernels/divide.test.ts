/** @file common/divide: exact for all whole numbers below 2^31, on the adapter at hand. */

import { expect, it } from "vitest";
import { SHADER_PARTS } from "../../src/kernels/shaders.js";
import { specialise } from "../../src/kernels/specialise.js";
import { USAGE } from "../../src/runtime/gpu-memory.js";
import { openTestDevice } from "./harness.js";

const SHADER = `
//@use common/divide
@group(0) @binding(0) var<storage, read_write> result: array<u32>;
@group(0) @binding(1) var<storage, read> pairs: array<vec2u>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < arrayLength(&pairs)) {
    result[id.x] = divide(pairs[id.x].x, pairs[id.x].y);
  }
}`;

function samples(): [number, number][] {
  const edges = [0, 1, 2, 3, 5, 7, 224, 1023, 65535, 65536, 2 ** 24 - 1, 2 ** 24 + 1, 2 ** 30, 2 ** 31 - 1];
  const divisors = edges.filter((d) => d > 0);
  const result = edges.flatMap((n) => divisors.map((d): [number, number] => [n, d]));
  // Multiples and their neighbours, where a rounded quotient goes wrong.
  for (const d of divisors) {
    for (const q of [1, 2, 3, 1000, Math.floor((2 ** 31 - 2) / d)]) {
      for (const n of [q * d - 1, q * d, q * d + 1]) if (n >= 0 && n < 2 ** 31) result.push([n, d]);
    }
  }
  let state = 9;
  const next = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0);
  const below31 = (): number => (next() >>> 1) >>> (next() >>> 27);
  for (let i = 0; i < 20000; i++) result.push([below31(), Math.max(1, below31())]);
  return result;
}

it("divide gives the whole part of the quotient", async () => {
  const device = await openTestDevice();
  const gpu = device.gpu.device;
  const pairs = samples();
  const code = specialise(SHADER, {}, SHADER_PARTS);
  const module = gpu.createShaderModule({ code });
  const pipeline = await gpu.createComputePipelineAsync({ layout: "auto", compute: { module } });
  const given = gpu.createBuffer({ size: pairs.length * 8, usage: USAGE.STORAGE | USAGE.COPY_DST });
  const found = gpu.createBuffer({ size: pairs.length * 4, usage: USAGE.STORAGE | USAGE.COPY_SRC });
  const read = gpu.createBuffer({ size: found.size, usage: USAGE.MAP_READ | USAGE.COPY_DST });
  gpu.queue.writeBuffer(given, 0, new Uint32Array(pairs.flat()));
  const encoder = gpu.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  const entries = [found, given].map((buffer, binding) => ({ binding, resource: { buffer } }));
  pass.setBindGroup(0, gpu.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(Math.ceil(pairs.length / 64));
  pass.end();
  encoder.copyBufferToBuffer(found, 0, read, 0, found.size);
  gpu.queue.submit([encoder.finish()]);
  await device.gpu.wait(read.mapAsync(1));
  const quotients = new Uint32Array(read.getMappedRange());
  const wrong = pairs.flatMap(([n, d], i) =>
    quotients[i] === Math.floor(n / d) ? [] : [[n, d, quotients[i]]],
  );
  expect(wrong).toEqual([]);
  device.dispose();
  device.gpu.dispose();
});
