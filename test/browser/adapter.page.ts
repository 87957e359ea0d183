/** @file In a page: what openDevice of gradlens/web finds there, and a small shader's result on it. */
import { openDevice } from "../../src/web/open-device.js";

const SHADER = `
@group(0) @binding(0) var<storage, read_write> data: array<f32>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < arrayLength(&data)) { data[id.x] = data[id.x] * 2.0 + 1.0; }
}`;

export default async function main() {
  const gpu = await openDevice();
  const { device } = gpu;
  const input = Float32Array.from({ length: 1000 }, (_, i) => i);
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const buffer = device.createBuffer({ size: input.byteLength, usage });
  const staging = device.createBuffer({
    size: input.byteLength,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  });
  device.queue.writeBuffer(buffer, 0, input);
  const module = device.createShaderModule({ code: SHADER });
  const pipeline = await gpu.wait(device.createComputePipelineAsync({ layout: "auto", compute: { module } }));
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  const entries = [{ binding: 0, resource: { buffer } }];
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(Math.ceil(input.length / 64));
  pass.end();
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, input.byteLength);
  device.queue.submit([encoder.finish()]);
  await gpu.wait(staging.mapAsync(GPUMapMode.READ));
  const output = [...new Float32Array(staging.getMappedRange())];
  const features = [...device.features];
  const { maxStorageBufferBindingSize, maxBufferSize, maxStorageBuffersPerShaderStage } = device.limits;
  gpu.dispose();
  return {
    adapter: gpu.adapter,
    features,
    limits: { maxStorageBufferBindingSize, maxBufferSize, maxStorageBuffersPerShaderStage },
    output,
  };
}
