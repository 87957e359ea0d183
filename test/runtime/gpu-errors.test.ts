/** @file What becomes of the GPU's errors, on Dawn's null backend, which really refuses memory: no call of it is mocked. */

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Builder } from "../../src/graph/builder.js";
import { requestDevice } from "../../src/runtime/adapter.js";
import { Device } from "../../src/runtime/device.js";
import { USED_LIMITS } from "../../src/runtime/limits.js";
import { WeightStore } from "../../src/runtime/weights.js";
import { leave, openNullAdapter, openNullGpu } from "./null-gpu.js";

const MIB = 2 ** 20;

let device: Device;
beforeEach(async () => {
  device = new Device(await openNullGpu());
});
afterEach(() => {
  device.dispose();
  device.gpu.dispose();
});

/** A graph whose plan takes twice so many bytes. */
function taking(bytes: number) {
  const b = new Builder(1);
  return { b, y: b.within("some.module", () => b.exp(b.input("x", [bytes / 4]))) };
}

const noMemory = {
  code: "out-of-memory",
  message: expect.stringMatching(/no memory left. Use a smaller/) as string,
};

it("a refused allocation is reported as out of memory, whatever is invalid because of it, and work goes on", async () => {
  const giveBack = leave(device.gpu, 16 * MIB);
  const { b, y } = taking(32 * MIB);
  await expect(device.compile(b, [y])).rejects.toMatchObject(noMemory);
  expect(device.memory.now).toBe(0);
  giveBack();
  const plan = await device.compile(b, [y]);
  await plan.run();
  plan.dispose();
  expect(device.memory.now).toBe(0);
});

it("out of memory is reported where weights are placed, and where a checkpoint's tensors are", async () => {
  const count = (24 * MIB) / 4;
  const store = new WeightStore(
    device,
    new Map([["w", { floats: () => Promise.resolve(new Float32Array(count)) }]]),
  );
  const b = new Builder(1);
  const y = b.add(b.paramByKey("w", [1, count]), b.input("x", [1, 1]));
  const sum = b.sum(y, [1]);
  for (const left of [16, 40]) {
    const giveBack = leave(device.gpu, left * MIB);
    await expect(device.compile(b, [sum], { weights: store })).rejects.toMatchObject(noMemory);
    expect(store.bytes).toBe(0);
    expect(device.memory.now).toBe(0);
    giveBack();
  }
  const plan = await device.compile(b, [sum], { weights: store });
  plan.dispose();
  store.dispose();
});

it("out of memory is reported where results are read", async () => {
  const { b, y } = taking(32 * MIB);
  const plan = await device.compile(b, [y]);
  const giveBack = leave(device.gpu, 80 * MIB);
  await expect(plan.read(0)).rejects.toMatchObject(noMemory);
  giveBack();
  expect((await plan.read(0))[0]).toHaveLength((32 * MIB) / 4);
  plan.dispose();
});

it("an allocation is repeated where memory could be freed", async () => {
  const giveBack = leave(device.gpu, 16 * MIB);
  const { b, y } = taking(32 * MIB);
  device.makeRoom = () => {
    giveBack();
    return Promise.resolve(true);
  };
  const plan = await device.compile(b, [y]);
  plan.dispose();
});

it("Dawn's binding prints nothing", async () => {
  const printed: unknown[] = [];
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => printed.push(text) > 0);
  try {
    // A refusal, and an invalid call, that no scope sees.
    const giveBack = leave(device.gpu, -64 * MIB);
    device.queue.writeBuffer(device.createBuffer(16, "small"), 64, new Float32Array(4));
    await expect(device.idle()).rejects.toMatchObject({ code: "out-of-memory" });
    giveBack();
  } finally {
    write.mockRestore();
  }
  expect(printed).toEqual([]);
});

it("a lost device is reported where that is why memory was refused", async () => {
  leave(device.gpu, 16 * MIB);
  const { b, y } = taking(32 * MIB);
  const compiling = device.compile(b, [y]);
  const { device: lost } = device.gpu;
  const pop = lost.popErrorScope.bind(lost);
  // The refusal comes first, the loss some time after it.
  vi.spyOn(lost, "popErrorScope").mockImplementation(async () => {
    const error = await pop();
    if (error) setTimeout(() => lost.destroy(), 20);
    return error;
  });
  await expect(compiling).rejects.toMatchObject({
    code: "device-lost",
    message: expect.stringMatching(/Open a new device and load the model again\.$/) as string,
  });
});

it("a lost device is reported where that is why results cannot be read", async () => {
  const { b, y } = taking(MIB);
  const plan = await device.compile(b, [y]);
  await plan.run();
  const reading = plan.read(0);
  device.gpu.device.destroy();
  await expect(reading).rejects.toMatchObject({ code: "device-lost" });
  await expect(plan.run()).rejects.toMatchObject({ code: "device-lost" });
});

it("results larger than one buffer can hold are read", async () => {
  const { device: gpu } = device.gpu;
  const most = gpu.limits.maxBufferSize;
  const created = vi.spyOn(gpu, "createBuffer");
  const b = new Builder(1);
  const x = b.input("x", [4096, 4]);
  const y = b.input("y", [4, (88 * MIB) / 4 / 4096]);
  const product = b.matmul(x, y);
  const plan = await device.compile(b, [product, b.exp(product), b.neg(product)]);
  const values = await plan.read(0, 1, 2);
  expect(values.map(({ byteLength }) => byteLength)).toEqual([88 * MIB, 88 * MIB, 88 * MIB]);
  for (const [{ size }] of created.mock.calls) expect(size).toBeLessThanOrEqual(most);
  plan.dispose();
});

it("a device requests the limits and features that are used, and no others", async () => {
  const adapter = await openNullAdapter();
  const asked = vi.spyOn(adapter, "requestDevice");
  (await requestDevice(adapter, "adapter")).destroy();
  const [{ requiredLimits, requiredFeatures }] = asked.mock.calls[0] as [Required<GPUDeviceDescriptor>];
  expect(requiredLimits).toEqual(Object.fromEntries(USED_LIMITS.map((name) => [name, adapter.limits[name]])));
  expect(requiredFeatures).toEqual(["subgroups", "timestamp-query"]);
});
