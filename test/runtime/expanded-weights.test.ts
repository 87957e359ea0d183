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
/** Of four heads for 1 + 32 x 32 tokens, in bytes. */
const BIAS = 4 * 1025 ** 2 * 4;
const DEPTH = 3;

let device: Device;
beforeEach(async () => {
  device = await openTestDevice();
});
afterEach(() => {
  device.dispose();
  device.gpu.dispose();
});

it("computes a BEiT's biases in memory that its blocks share", async () => {
  const b = new Builder(1);
  const shape = { channels: 8, depth: DEPTH, heads: 4, patch: 16, size: 512 };
  const { logits } = buildBeit(b, shape, { size: [512, 512], channels: 3, classes: 5 });
  const values = randomValues(b, 3);
  const instance = instantiate([logits], { batch: 1, rewrite: optimize([logits]) });
  const store = new WeightStore(
    device,
    new Map([...values.params].map(([key, data]) => [key, { floats: () => Promise.resolve(data) }])),
  );
  const before = device.memory.now;
  const plan = await device.compile(instance.graph, [instance.copyOf(logits)], { weights: store });
  try {
    expect(store.bytes).toBe(CHUNK);
    // A bias in its making, scores and their softmax, of one block at a time.
    expect(device.memory.now - before - store.bytes).toBeLessThan(5 * BIAS);
    for (const [name, value] of values.inputs) plan.write(name, value);
    await plan.run();
    const [got] = await plan.read(0);
    const [want] = evaluate([logits], values);
    [...want!.data].forEach((value, i) => expect(got![i]).toBeCloseTo(value, 4));
  } finally {
    plan.dispose();
    store.dispose();
  }
});
