/** @file Plans on the adapter at hand: cancelled, too large, lost, run again, freed. */

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Builder } from "../../src/graph/builder.js";
import { Device } from "../../src/runtime/device.js";
import { openTestDevice } from "../kernels/harness.js";

let device: Device;
beforeEach(async () => {
  device = await openTestDevice();
});
afterEach(() => {
  device.dispose();
  device.gpu.dispose();
});

const doubled = () => {
  const b = new Builder(1);
  return { b, y: b.within("some.module", () => b.mul(b.input("x", [2, 5]), 2)) };
};

it("a plan runs again with other inputs, and reads without what fills rows up", async () => {
  const { b, y } = doubled();
  const plan = await device.compile(b, [y]);
  for (const start of [0, 100]) {
    const x = Float32Array.from({ length: 10 }, (_, i) => start + i);
    plan.write("x", x);
    await plan.run();
    expect([...(await plan.read(0))[0]!]).toEqual([...x].map((v) => 2 * v));
  }
});

it("a plan allocates nothing when it runs, and frees everything in the end", async () => {
  const before = device.memory.now;
  const { b, y } = doubled();
  const plan = await device.compile(b, [y]);
  const compiled = device.memory.now;
  await plan.run();
  expect(device.memory.now).toBe(compiled);
  plan.dispose();
  expect(device.memory.now).toBe(before);
});

it("a plan reuses the pipelines that another model on the same GPU device has compiled", async () => {
  const compile = vi.spyOn(device.gpu.device, "createComputePipelineAsync");
  for (let model = 0; model < 3; model++) {
    const own = new Device(device.gpu);
    const { b, y } = doubled();
    const plan = await own.compile(b, [y]);
    plan.write(
      "x",
      Float32Array.from({ length: 10 }, (_, i) => i),
    );
    await plan.run();
    expect((await plan.read(0))[0]![9]).toBe(18);
    plan.dispose();
    own.dispose();
  }
  expect(compile).toHaveBeenCalledTimes(1);
});

it("a plan is cancelled by a signal", async () => {
  const { b, y } = doubled();
  const plan = await device.compile(b, [y]);
  await expect(plan.run({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "aborted" });
});

it("a plan names the node whose value is too large for the adapter", async () => {
  const b = new Builder(1);
  const huge = device.maxElements + 4;
  const y = b.within("some.module", () => b.exp(b.input("x", [huge])));
  await expect(device.compile(b, [y])).rejects.toMatchObject({
    code: "out-of-memory",
    message: expect.stringContaining("some.module") as string,
  });
});

it("a plan reports that the device was lost, at the next call and at every later one", async () => {
  const { b, y } = doubled();
  const plan = await device.compile(b, [y]);
  device.gpu.device.destroy();
  await device.gpu.device.lost;
  for (let i = 0; i < 2; i++) await expect(plan.run()).rejects.toMatchObject({ code: "device-lost" });
});

it("a plan times every dispatch", async () => {
  const { b, y } = doubled();
  const plan = await device.compile(b, [y]);
  const timings = await plan.profile();
  expect(timings).toHaveLength(plan.steps.length);
  for (const { milliseconds } of timings) expect(milliseconds).toBeGreaterThanOrEqual(0);
});
