/** @file Every method's map against pytorch-grad-cam's, from the activations and gradients that PyTorch computed. */

import { describe, expect, test } from "vitest";
import { METHOD_NAMES, METHODS } from "../../src/cam/methods.js";
import { loadGolden } from "../reference/golden.js";
import { GOLDEN_NAMES, inputSize, layerTensor } from "./golden-layers.js";
import { finalMapOf, type Layer } from "./run-method.js";

describe.each(GOLDEN_NAMES)("%s", (name) => {
  const golden = loadGolden(name);
  const layers: Layer[] = golden.case.layers.map((_, i) => ({
    activations: layerTensor(golden, `activations.${i}`),
    gradients: layerTensor(golden, `gradients.${i}`),
  }));
  const cases = METHOD_NAMES.flatMap((method) => [
    { method, eigenSmooth: false, tensor: `cam.${method}` },
    { method, eigenSmooth: true, tensor: `cam.${method}.eigen_smooth` },
  ]).filter(({ tensor }) => golden.tensors.has(tensor));

  test.each(cases)("$tensor", ({ method, eigenSmooth, tensor }) => {
    const size = inputSize(golden.case);
    const map = finalMapOf(METHODS[method], layers, size, eigenSmooth);
    const expected = golden.floats(tensor);
    expect(map.shape).toEqual([1, ...size]);
    const deviation = expected.data.reduce((most, x, i) => Math.max(most, Math.abs(x - map.data[i]!)), 0);
    // The inputs are the same numbers, so all that may differ is PyTorch's own rounding.
    expect(deviation).toBeLessThan(1e-6 + 5 * golden.case.f32_vs_f64[tensor]!);
  });
});
