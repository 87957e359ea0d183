/** @file The adapter's own rates of multiply-adds and loads, measured in every run: only shares of one run can be compared. */

import ceiling from "./ceiling.wgsl";
import loadCeiling from "./load-ceiling.wgsl";
import { specialise } from "../src/kernels/specialise.js";
import type { Gpu } from "../src/runtime/gpu.js";

const STORAGE = 0x80;
const UNIFORM_COPY_DST = 0x48;
const INVOCATIONS = 64 * 256;
const ELEMENTS = 1024;

/** What an adapter can do at best. */
export interface Ceilings {
  /** Billions of floating-point operations a second; a multiply-add counts two. */
  readonly gflops: number;
  /** Billions of loads of a vec4 from the caches a second. */
  readonly gloads: number;
}

export async function measureCeilings(gpu: Gpu): Promise<Ceilings> {
  const steps = gpu.adapter.kind === "gpu" ? 4096 : 64;
  const multiplyAdds = INVOCATIONS * steps * 64 * 4;
  const loads = INVOCATIONS * steps * 8;
  return {
    gflops: (multiplyAdds * 2) / (await bestTime(gpu, ceiling, steps)) / 1e6,
    gloads: loads / (await bestTime(gpu, loadCeiling, steps)) / 1e6,
  };
}

/** The shortest of several runs, in milliseconds. */
async function bestTime(gpu: Gpu, shader: string, steps: number): Promise<number> {
  const { device } = gpu;
  const code = specialise(shader, { constants: { STEPS: steps } }, new Map());
  const pipeline = await device.createComputePipelineAsync({
    layout: "auto",
    compute: { module: device.createShaderModule({ code }) },
  });
  const params = device.createBuffer({ size: 16, usage: UNIFORM_COPY_DST });
  device.queue.writeBuffer(params, 0, new Uint32Array([ELEMENTS, 0, 0, 0]));
  const buffers = [params, ...[0, 1].map(() => device.createBuffer({ size: ELEMENTS * 16, usage: STORAGE }))];
  const bindGroup = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
  });
  let best = Infinity;
  for (let run = 0; run < 8; run++) {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindGroup);
    pass.dispatchWorkgroups(INVOCATIONS / 64);
    pass.end();
    const start = performance.now();
    device.queue.submit([encoder.finish()]);
    await gpu.wait(device.queue.onSubmittedWorkDone());
    best = Math.min(best, performance.now() - start);
  }
  for (const buffer of buffers) buffer.destroy();
  return best;
}
