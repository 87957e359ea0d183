/** @file How long runs are cut: by arithmetic on simulated GPUs, and counted on Dawn's null backend, which takes no time. */

import { describe, expect, it, vi } from "vitest";
import { Builder } from "../../src/graph/builder.js";
import { Device } from "../../src/runtime/device.js";
import { AIM_MS, costOf, Pace } from "../../src/runtime/pace.js";
import { openNullGpu } from "./null-gpu.js";

/** A GPU on a clock of its own. `latency`: milliseconds until the host hears that work is done. */
class SimulatedGpu {
  now = 0;
  idle = 0;
  readonly submits: number[] = [];
  private freeAt = 0;
  private readonly fences: { readonly at: number; readonly resolve: () => void }[] = [];

  constructor(
    private readonly flopsPerMs: number,
    private readonly latency: number,
  ) {}

  submit(cost: number): void {
    if (this.freeAt < this.now) this.idle += this.now - this.freeAt;
    const took = cost / this.flopsPerMs;
    this.submits.push(took);
    this.freeAt = Math.max(this.freeAt, this.now) + took;
  }

  fence(): Promise<void> {
    const at = this.freeAt + this.latency;
    return new Promise((resolve) => this.fences.push({ at, resolve }));
  }

  /** The clock stands still but where the host waits. */
  private async wait(promise: Promise<unknown>): Promise<void> {
    let isDone = false;
    void promise.then(() => (isDone = true));
    while (!isDone) {
      const next = this.fences.shift()!;
      this.now = Math.max(this.now, next.at);
      next.resolve();
      await new Promise(setImmediate);
    }
  }

  /** As Plan.run and a read do it. */
  async run(dispatches: readonly number[], pace: Pace): Promise<void> {
    for (let first = 0, end = 0; first < dispatches.length; first = end) {
      const { room } = pace;
      let cost = 0;
      while (end < dispatches.length && (end === first || cost < room)) cost += dispatches[end++]!;
      this.submit(cost);
      const before = pace.submitted(cost);
      if (before) await this.wait(before);
    }
    await this.wait(this.fence());
    pace.settled();
  }
}

/** The dispatches of 50 samples of integrated gradients of vit_base, eight at a time: 5.3 TFLOP. */
const LONG = Array.from({ length: 7 * 176 }, () => 5.3e12 / (7 * 176));

describe.each([
  ["a UHD 630, 0.15 TFLOP/s", 0.15e9, 1],
  ["an Iris Xe, 0.5 TFLOP/s", 0.5e9, 1],
  ["two cores, 0.08 TFLOP/s", 0.08e9, 0.5],
  ["an RTX 4060 in Node, 8 TFLOP/s", 8e9, 0.2],
  ["an RTX 4060 in a browser, 8 TFLOP/s", 8e9, 4],
  ["an H200, 30 TFLOP/s", 30e9, 0.2],
])("on %s", (_, flopsPerMs, latency) => {
  it("no submit needs long, and the GPU hardly ever waits once it is known", async () => {
    const gpu = new SimulatedGpu(flopsPerMs, latency);
    const pace = new Pace(
      () => gpu.fence(),
      () => gpu.now,
    );
    await gpu.run(LONG, pace);
    const busy = gpu.submits.reduce((sum, ms) => sum + ms, 0);
    const largest = Math.max(...LONG) / flopsPerMs;
    expect(Math.max(...gpu.submits)).toBeLessThanOrEqual(1.1 * AIM_MS + largest);
    expect(gpu.idle).toBeLessThan(16 * latency);
    const { idle } = gpu;
    await gpu.run(LONG, pace);
    expect(gpu.idle - idle).toBeLessThan(0.02 * busy + latency);
  });
});

it("a run begins with what needs 30 ms on the smallest GPUs", async () => {
  const gpu = new SimulatedGpu(0.15e9, 1);
  await gpu.run(
    LONG,
    new Pace(
      () => gpu.fence(),
      () => gpu.now,
    ),
  );
  expect(gpu.submits[0]).toBeLessThan(60);
});

it("the pace counts memory where a dispatch computes little", () => {
  const slot = { kind: "temp", size: 1000, name: "" } as const;
  expect(costOf({ flops: 10, output: slot, inputs: [slot] })).toBe(8 * 4 * 2000);
  expect(costOf({ flops: 1e9, output: slot, inputs: [slot] })).toBe(1e9);
});

/** A product of 2 x 1.07 GFLOP a layer. */
function layers(count: number) {
  const b = new Builder(1);
  const x = b.input("x", [1024, 1024]);
  let y = x;
  for (let i = 0; i < count; i++) y = b.matmul(y, x);
  return { b, y };
}

describe("a run without a signal", () => {
  it("a run without a signal submits a part before it waits for the one before", async () => {
    const device = new Device(await openNullGpu());
    const { b, y } = layers(12);
    const plan = await device.compile(b, [y]);
    const events: string[] = [];
    const { queue } = device;
    const submit = queue.submit.bind(queue);
    const workDone = queue.onSubmittedWorkDone.bind(queue);
    vi.spyOn(queue, "submit").mockImplementation((buffers) => {
      events.push("submit");
      submit(buffers);
    });
    vi.spyOn(queue, "onSubmittedWorkDone").mockImplementation(async () => {
      await workDone();
      // A GPU that takes 40 ms for each.
      await new Promise((resolve) => setTimeout(resolve, 40));
      events.push("done");
    });
    await plan.run();
    // 4.3 GFLOP in 40 ms: about 8 in 75 ms.
    expect(events.slice(0, 4)).toEqual(["submit", "submit", "done", "submit"]);
    expect(events.filter((event) => event === "submit").length).toBeGreaterThan(3);
    plan.dispose();
    device.dispose();
    device.gpu.dispose();
  });

  it("a run without a signal is not cut where the GPU is fast: few stops, though each is cheap", async () => {
    const device = new Device(await openNullGpu());
    const { b, y } = layers(200);
    const plan = await device.compile(b, [y]);
    const submits = vi.spyOn(device.queue, "submit");
    await plan.run();
    // 430 GFLOP: parts of 4, 4, 16, 16, 64, ... GFLOP.
    expect(submits.mock.calls.length).toBeLessThan(14);
    plan.dispose();
    device.dispose();
    device.gpu.dispose();
  });
});

it("a long run ends soon after the signal", async () => {
  const device = new Device(await openNullGpu());
  const { b, y } = layers(200);
  const plan = await device.compile(b, [y]);
  const submits = vi.spyOn(device.queue, "submit");
  const controller = new AbortController();
  const running = plan.run({ signal: controller.signal });
  controller.abort();
  await expect(running).rejects.toMatchObject({ code: "aborted" });
  expect(submits.mock.calls.length).toBeLessThanOrEqual(2);
  plan.dispose();
  device.dispose();
  device.gpu.dispose();
});
