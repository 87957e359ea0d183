/** @file Processes that used a device end by themselves, without a crash, however they let go of it. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { execute, makeProgram, programFolder } from "./programs.js";

const { folder, remove } = programFolder();
afterAll(remove);

/** Computes 2x + 1 on the device, with garbage collected meanwhile, and prints the last element. */
const COMPUTE = `
import { openDevice } from "./src/node/open-device.js";
const gpu = await openDevice({ adapter: (process.env.GRADLENS_ADAPTER || "auto") as "auto" });
const { device } = gpu;
const data = device.createBuffer({ size: 4096, usage: 0x80 | 0x4 | 0x8 });
const staging = device.createBuffer({ size: 4096, usage: 0x1 | 0x8 });
device.queue.writeBuffer(data, 0, Float32Array.from({ length: 1024 }, (_, i) => i));
const code = \`@group(0) @binding(0) var<storage, read_write> data: array<f32>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) { data[id.x] = 2 * data[id.x] + 1; }\`;
const module = device.createShaderModule({ code });
const pipeline = await gpu.wait(device.createComputePipelineAsync({ layout: "auto", compute: { module } }));
(globalThis as { gc?: () => void }).gc?.();
const encoder = device.createCommandEncoder();
const pass = encoder.beginComputePass();
pass.setPipeline(pipeline);
const layout = pipeline.getBindGroupLayout(0);
pass.setBindGroup(0, device.createBindGroup({ layout, entries: [{ binding: 0, resource: { buffer: data } }] }));
pass.dispatchWorkgroups(16);
pass.end();
encoder.copyBufferToBuffer(data, 0, staging, 0, 4096);
device.queue.submit([encoder.finish()]);
await gpu.wait(staging.mapAsync(0x1));
console.log(new Float32Array(staging.getMappedRange())[1023]);
(globalThis as { gc?: () => void }).gc?.();
`;

/** What the program ends with, and how many processes do so: a crash at the end shows in one of several only. */
const ENDINGS: readonly (readonly [how: string, ending: string, processes: number])[] = [
  ["after dispose", "gpu.dispose();", 20],
  ["with a device that nobody disposed of", "", 8],
  ["by process.exit", "process.exit(0);", 8],
];

const programs = new Map<string, string>();
beforeAll(async () => {
  for (const [how, ending] of ENDINGS) {
    programs.set(how, await makeProgram(folder, how.replaceAll(" ", "-"), COMPUTE + ending));
  }
});

it.each(ENDINGS)("processes that used a device end %s", async (how, _, processes) => {
  for (let i = 0; i < processes; i++) {
    const ended = await execute(process.execPath, ["--expose-gc", programs.get(how)!], { timeoutMs: 20_000 });
    expect(ended, ended.stderr).toMatchObject({ code: 0, signal: null, stdout: "2047\n" });
  }
});
