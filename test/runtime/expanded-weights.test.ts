/** @file Position biases that are far larger than their tables: a BEiT at 512 pixels keeps none of them, and computes the same. */

import { afterEach, beforeEach, expect, it } from "vitest";
import { Builder } from "../../src/graph/builder.js";
import { instantiate } from "../../src/graph/instantiate.js";
import { optimize } from "../../src/graph/rewrite.js";
import { buildBeit } from "../../src/models/beit-graph.js";
import type { Device } from "../../src/runtime/device.js";
import { WeightStore } from "../../src/runtime/weights.js";
import { openTestDevice, randomValues } from "../kernels/harness.js";
import { evaluate } from "../reference/index.js";

/** One chunk of the weight store. */
const CHUNK = 32 * 2 ** 20;
/** Bytes of a head's bias for 1 + 32 x 32 tokens. */
const BIAS = 1025 ** 2 * 4;

let device: Device;
beforeEach(async () => {
  device = await openTestDevice();
});
afterEach(() => {
  device.dispose();
  device.gpu.dispose();
});

/** A small BEiT at 512 pixels, compiled. */
async function compileBeit(depth: number, heads: number) {
  const b = new Builder(1);
  const shape = { channels: 8, depth, heads, patch: 16, size: 512 };
  const { logits } = buildBeit(b, shape, { size: [512, 512], channels: 3, classes: 5 });
  const values = randomValues(b, 3);
  const instance = instantiate([logits], { batch: 1, rewrite: optimize([logits]) });
  const store = new WeightStore(
    device,
    new Map([...values.params].map(([key, data]) => [key, { floats: () => Promise.resolve(data) }])),
  );
  const before = device.memory.now;
  const plan = await device.compile(instance.graph, [instance.copyOf(logits)], { weights: store });
  const shared = device.memory.now - before - store.bytes;
  return { logits, values, store, plan, shared };
}

it("a plan keeps none of a BEiT's biases, and makes them in memory that its blocks share", async () => {
  const heads = 4;
  const { store, shared } = await compileBeit(3, heads);
  expect(store.bytes).toBe(CHUNK);
  // A bias in its making, scores and their softmax, of one block at a time.
  expect(shared).toBeLessThan(5 * heads * BIAS);
});

it("a plan computes the same with biases made in it", async () => {
  const { logits, values, store, plan } = await compileBeit(1, 2);
  expect(store.bytes).toBe(CHUNK);
  for (const [name, value] of values.inputs) plan.write(name, value);
  await plan.run();
  const [got] = await plan.read(0);
  const [want] = evaluate([logits], values);
  [...want!.data].forEach((value, i) => expect(got![i]).toBeCloseTo(value, 4));
});
