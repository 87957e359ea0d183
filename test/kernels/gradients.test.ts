/** @file Gradients of parameters and second derivatives on the GPU against PyTorch's, computed there in float64. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { instantiate } from "../../src/graph/instantiate.js";
import { optimize } from "../../src/graph/rewrite.js";
import type { Node } from "../../src/graph/types.js";
import type { Device } from "../../src/runtime/device.js";
import { relativeError } from "../reference/compare.js";
import {
  gradientsOf,
  hessianProductsOf,
  loadGradientCase,
  type GradientCase,
} from "../reference/gradient-cases.js";
import { openTestDevice, runOnDevice } from "./harness.js";

let device: Device;
beforeAll(async () => {
  device = await openTestDevice();
});
afterAll(() => {
  device.dispose();
  device.gpu.dispose();
});

/** f32 against f64: rounding adds up over a few thousand terms. */
const TOLERANCE = 1e-4;

async function run(made: GradientCase, nodes: readonly Node[]): Promise<Float32Array[]> {
  const instance = instantiate(nodes, { batch: 1, rewrite: optimize(nodes) });
  return runOnDevice(
    device,
    instance.graph,
    nodes.map((node) => instance.copyOf(node)),
    {
      inputs: new Map([...made.inputs].map(([name, values]) => [name, Float32Array.from(values)])),
      params: made.params,
    },
  );
}

describe.each(["densenet", "smooth"] as const)("%s", (name) => {
  const made = loadGradientCase(name);
  const names = [...made.wrt.keys()];

  it("the network has PyTorch's gradients at the picture and every parameter", async () => {
    const values = await run(made, gradientsOf(made));
    for (const [i, key] of names.entries()) {
      const error = relativeError(Float64Array.from(values[i]!), made.expected.get(`grad.${key}`)!);
      expect(error, key).toBeLessThanOrEqual(TOLERANCE);
    }
  });
});

it("the smooth network has PyTorch's Hessian-vector products", async () => {
  const made = loadGradientCase("smooth");
  const values = await run(made, hessianProductsOf(made));
  for (const [i, key] of [...made.wrt.keys()].entries()) {
    const error = relativeError(Float64Array.from(values[i]!), made.expected.get(`hvp.${key}`)!);
    expect(error, key).toBeLessThanOrEqual(TOLERANCE);
  }
});
