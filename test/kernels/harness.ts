/** @file Runs graphs on the adapter at hand and compares them with the f64 interpreter. */

import { expect } from "vitest";
import type { Builder } from "../../src/graph/builder.js";
import { instantiate } from "../../src/graph/instantiate.js";
import { optimize, type OptimizeOptions } from "../../src/graph/rewrite.js";
import { sizeOf } from "../../src/graph/shape.js";
import type { Node } from "../../src/graph/types.js";
import type { NodeDeviceOptions } from "../../src/node/open-device.js";
import { Device } from "../../src/runtime/device.js";
import { WeightStore } from "../../src/runtime/weights.js";
import { evaluate, type NdF64 } from "../reference/index.js";
import { seeded } from "../reference/random.js";
import { openTestGpu } from "./test-gpu.js";

/**
 * A device for graphs of small tensors. Their kernels take longer to compile than to run, so Mesa compiles them without LLVM's
 * optimisation passes; its driver reads the variable when it starts.
 */
export async function openTestDevice(options: NodeDeviceOptions = {}): Promise<Device> {
  process.env["GALLIVM_PERF"] ??= "nopt";
  return new Device(await openTestGpu(options));
}

export interface RunValues {
  readonly inputs: ReadonlyMap<string, Float32Array>;
  readonly params: ReadonlyMap<string, Float32Array>;
}

/** Values for a graph's inputs and parameters: from a seed, exact in f32. */
export function randomValues(b: Builder, seed: number): RunValues {
  const random = seeded(seed);
  const values = (node: Node): Float32Array => Float32Array.from(random.array(sizeOf(node.shape)));
  return {
    inputs: new Map([...b.inputs].map(([name, node]) => [name, values(node)])),
    params: new Map([...b.params].map(([key, node]) => [key, values(node)])),
  };
}

export interface Compared {
  readonly got: Float32Array;
  readonly want: NdF64;
}

/** Each output by the GPU and by the interpreter. */
export async function runBoth(
  device: Device,
  b: Builder,
  outputs: readonly Node[],
  seed = 1,
): Promise<Compared[]> {
  const values = randomValues(b, seed);
  const want = evaluate(outputs, values);
  const got = await runOnDevice(device, b, outputs, values);
  return got.map((g, i) => ({ got: g, want: want[i]! }));
}

export async function runOnDevice(
  device: Device,
  b: Builder,
  outputs: readonly Node[],
  values: RunValues,
  options: OptimizeOptions = {},
): Promise<Float32Array[]> {
  const instance = instantiate(outputs, {
    batch: b.batch,
    // Inputs keep their shapes, whatever their first axis is.
    substitute: (node, graph) => (node.op === "input" ? graph.input(node.attrs.name, node.shape) : undefined),
    rewrite: optimize(outputs, options),
  });
  const weights = new WeightStore(
    device,
    new Map([...values.params].map(([key, v]) => [key, { floats: () => Promise.resolve(v) }])),
  );
  const plan = await device.compile(
    instance.graph,
    outputs.map((o) => instance.copyOf(o)),
    { weights },
  );
  try {
    for (const [name, value] of values.inputs) plan.write(name, value);
    await plan.run();
    return await plan.read(...outputs.map((_, i) => i));
  } finally {
    plan.dispose();
    weights.dispose();
  }
}

/** The largest deviation, as a share of the largest value; with the place, for messages. */
export function deviation({ got, want }: Compared): { share: number; at: number } {
  const scale = want.data.reduce((m, v) => Math.max(m, Math.abs(v)), 1e-30);
  let share = 0;
  let at = 0;
  want.data.forEach((v, i) => {
    const d = Math.abs(got[i]! - v) / scale;
    if (!(d <= share)) [share, at] = [d, i];
  });
  return { share, at };
}

export function expectClose(compared: Compared, tolerance: number, what: string): void {
  expect(compared.got.length, `${what}: size`).toBe(compared.want.data.length);
  const { share, at } = deviation(compared);
  expect(
    share,
    `${what} at ${at}: got ${compared.got[at]}, expected ${compared.want.data[at]}`,
  ).toBeLessThanOrEqual(tolerance);
}
