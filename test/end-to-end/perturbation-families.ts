/** @file Score-CAM and Ablation-CAM of small networks against PyTorch's float64: tools/make_perturbation_reference.py. */

import { expect } from "vitest";
import type { Shape } from "../../src/graph/shape.js";
import type { Pair } from "../../src/graph/types.js";
import { loadModel, type Arch } from "../../src/index.js";
import { largestDeviation } from "../cam/golden-layers.js";
import { readTensors } from "../reference/golden.js";
import { makeWeights } from "../reference/weights.js";
import { checkpointOf, goldenPicture, openTestGpu } from "./harness.js";

interface Case {
  readonly spelling: string;
  readonly size: Pair;
  readonly seed: number;
  readonly gain: number;
  readonly layer: string;
  readonly target: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly keys: Readonly<Record<string, Shape>>;
}

const { metadata, tensors } = readTensors(new URL("../data/perturbation.safetensors", import.meta.url));
/** By architecture. */
const cases = JSON.parse(metadata["cases"]!) as Record<Arch, Case>;

/** Both maps of the case of an architecture; neither is flat. */
export async function checkFamily(arch: Arch): Promise<void> {
  const { keys, seed, gain, spelling, size, mean, std, layer, target } = cases[arch];
  const gpu = await openTestGpu();
  const weights = checkpointOf(arch, makeWeights(keys, seed, gain));
  const options = { gpu, arch, spelling, size, mean, std };
  const model = await loadModel(weights, { ...options, resize: "opencv-bilinear" });
  try {
    const { maps } = await model.explain(await goldenPicture(), {
      methods: ["scorecam", "ablationcam"],
      layers: [layer],
      targets: target,
    });
    expect(maps).toHaveLength(2);
    for (const map of maps) {
      const want = tensors.get(`${arch}.${map.method}`)!.data;
      expect(Math.max(...want)).toBeGreaterThan(0.5);
      expect(largestDeviation(map.data, want), map.method).toBeLessThan(2e-3);
    }
  } finally {
    model.dispose();
    gpu.dispose();
  }
}
