/** @file The weight store: what plans read stays, of the rest a bounded amount; memory that is used again holds the right values. */

import { afterEach, beforeEach, expect, it } from "vitest";
import { Builder } from "../../src/graph/builder.js";
import type { Device } from "../../src/runtime/device.js";
import type { Plan } from "../../src/runtime/plan.js";
import { WeightStore } from "../../src/runtime/weights.js";
import { openTestDevice } from "../kernels/harness.js";

/** A chunk of the store (32 MiB) holds three. */
const COUNT = 2.5 * 2 ** 20;

let device: Device;
let store: WeightStore;
/** Of each parameter. */
let reads: number[];
let failing: boolean;

beforeEach(async () => {
  device = await openTestDevice();
  reads = [0, 0, 0, 0];
  failing = false;
  const parameter = (k: number) => ({
    floats: () => {
      if (failing) return Promise.reject(new Error("not readable"));
      reads[k]!++;
      return Promise.resolve(new Float32Array(COUNT).fill(k + 1));
    },
  });
  store = new WeightStore(device, new Map(reads.map((_, k) => [`p${k}`, parameter(k)])));
});
afterEach(() => {
  store.dispose();
  device.dispose();
  device.gpu.dispose();
});

/** The sum of some parameters: a plan that reads all of each. */
function planOf(...parameters: number[]): Promise<Plan> {
  const b = new Builder(1);
  const x = b.input("x", [1, 1]);
  const sums = parameters.map((k) => b.sum(b.add(b.paramByKey(`p${k}`, [1, COUNT]), x), [1]));
  return device.compile(b, [b.concat(sums, 1)], { weights: store });
}

async function check(plan: Plan, ...parameters: number[]): Promise<void> {
  plan.write("x", new Float32Array(1));
  await plan.run();
  expect([...(await plan.read(0))[0]!]).toEqual(parameters.map((k) => (k + 1) * COUNT));
}

it("the weight store keeps of what no plan reads as much as the largest plan read, what was used last", async () => {
  const all = [[0, 1], [2], [3]] as const;
  for (const parameters of all) {
    const plan = await planOf(...parameters);
    await check(plan, ...parameters);
    plan.dispose();
  }
  // Of the four, two are there.
  for (const k of [2, 3]) {
    const plan = await planOf(k);
    await check(plan, k);
    plan.dispose();
  }
  expect(reads).toEqual([1, 1, 1, 1]);
  const plan = await planOf(0);
  await check(plan, 0);
  expect(reads).toEqual([2, 1, 1, 1]);
  expect(store.bytes).toBe(32 * 2 ** 20);
  plan.dispose();
});

it("the weight store leaves alone what a plan reads while others come and go", async () => {
  const first = await planOf(0);
  for (const k of [1, 2, 3, 1, 2]) {
    const plan = await planOf(k);
    await check(plan, k);
    plan.dispose();
  }
  await check(first, 0);
  const again = await planOf(0);
  first.dispose();
  for (const k of [3, 1]) (await planOf(k)).dispose();
  await check(again, 0);
  expect(reads[0]).toBe(1);
  again.dispose();
});

it("the weight store keeps nothing of weights that could not be read, and reads them again", async () => {
  failing = true;
  await expect(planOf(0)).rejects.toThrow("not readable");
  expect(store.bytes).toBe(0);
  failing = false;
  const plan = await planOf(0);
  await check(plan, 0);
  plan.dispose();
});
