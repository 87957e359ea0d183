/**
 * @file Attention rollout and LeGrad on the device against PyTorch's float64 (tools/make_attention_reference.py); every spelling
 * is compared in the interpreter, test/cam/attention.test.ts.
 */

import { afterAll, beforeAll, expect, test } from "vitest";
import { Explainer } from "../../src/cam/explainer.js";
import { averageLayers, scaleMap } from "../../src/cam/scaling/scale-maps.js";
import { Builder } from "../../src/graph/builder.js";
import type { Pair } from "../../src/graph/types.js";
import { Device } from "../../src/runtime/device.js";
import { WeightStore } from "../../src/runtime/weights.js";
import { largestDeviation } from "../cam/golden-layers.js";
import { openTestGpu } from "../kernels/test-gpu.js";
import { build, loadModelCase } from "../models/interpreter-golden.js";
import { readTensors } from "../reference/golden.js";
import { evaluate } from "../reference/index.js";
import type { Tensor } from "../reference/weights.js";

const { tensors } = readTensors(new URL("../data/attention.safetensors", import.meta.url));
/** PyTorch's raw map, finished as every map is. */
function finished({ shape, data }: Tensor, size: Pair): Float32Array {
  const b = new Builder(1);
  const raw = b.input("raw", [1, ...shape]);
  const values = { inputs: new Map([["raw", data]]), params: new Map<string, Float32Array>() };
  return Float32Array.from(evaluate([averageLayers(b, [scaleMap(b, raw, size)])], values)[0]!.data);
}

let device: Device;
beforeAll(async () => {
  device = new Device(await openTestGpu());
});
afterAll(() => device.gpu.dispose());

/** Of maps in 0..1. */
const TOLERANCE = 1e-4;

test.each(["vit-resized", "deit-distilled"])(
  "attention methods of %s on the device are PyTorch's",
  async (name) => {
    const { input, target, arch, ...reference } = loadModelCase(name);
    const { template, params } = build({ input, target, arch, ...reference });
    const weights = new WeightStore(
      device,
      new Map(
        [...params].map(([key, data]) => [key, { floats: () => Promise.resolve(Float32Array.from(data)) }]),
      ),
    );
    const explainer = new Explainer({
      template,
      device,
      weights,
      name: arch,
      size: reference.size,
      channels: 3,
      defaultLayer: "blocks[-1].norm1",
      prefixes: [],
      activation: "softmax",
    });
    const expectMap = (got: Float32Array, key: string): void => {
      const want = finished(tensors.get(`${name}.${key}`) as Tensor, reference.size);
      expect(largestDeviation(got, want), key).toBeLessThan(TOLERANCE);
    };
    try {
      const picture = Float32Array.from(input);
      const other = target === 0 ? 1 : 0;
      // Another method and another target beside them must change nothing.
      const { maps } = await explainer.explain(picture, {
        methods: ["gradcam", "rollout", "legrad"],
        targets: [other, target],
      });
      const [, , rolloutOther, rollout, , legrad] = maps;
      expect(maps.map((map) => map.layers.length)).toEqual([1, 1, 0, 0, 0, 0]);
      expectMap(rollout!.data, "rollout.mean.0.0");
      expect(rolloutOther!.data).toEqual(rollout!.data);
      expectMap(legrad!.data, "legrad");
      const options = { methods: ["rollout"], rolloutHeads: "max", discardRatio: 0.5 } as const;
      const { maps: discarded } = await explainer.explain(picture, options);
      expectMap(discarded[0]!.data, "rollout.max.0.5");
    } finally {
      explainer.dispose(() => weights.dispose());
    }
  },
);
